"""Same sequences and table: batches, masks, means, losses, gradients, and what a bucket holds."""

import numpy as np

DIFFERENT = {
    "pooling leaves the padding out by itself": "Keras' Embedding hands a mask on; "
    "PyTorch has none to hand on",
    "without a mask, the row of the padding gets a gradient": "padding_idx keeps it from "
    "one; mask_zero does not",
    "a batch of nothing but padding has a loss that is finite": "PyTorch divides by no "
    "step; Keras gives 0",
    "padded as the function comes": "keras.utils.pad_sequences fills the front",
}


def inputs():
    rng = np.random.default_rng(1)
    return {"direction": rng.normal(size=(4, 8)).astype("float32")}


def of_buckets(program):
    """What the batches of both kinds hold."""
    edges = [28, 32, 36]
    batches = [np.asarray(batch) for batch in program.bucketed]
    again = [np.asarray(batch) for batch in program.bucketed]
    mixed = [np.asarray(batch) for batch in program.mixed]
    kinds = [np.digitize((batch != 0).sum(axis=1), edges) for batch in batches]
    sizes = sorted((int(kind[0]), len(kind)) for kind in kinds)
    rows = [row[row != 0].tolist() for batch in batches for row in batch]
    other = [np.asarray(batch) for batch in program.mixed]
    return {
        "mixed: number of batches": len(mixed),
        "buckets: number of batches": len(batches),
        "buckets: bucket and size of each batch": np.array(sizes),
        "buckets: a batch holds one bucket": all(len(set(kind)) == 1 for kind in kinds),
        "buckets: all sequences, each once": np.concatenate(sorted(rows)),
        "buckets: the next epoch has another order": not np.array_equal(
            batches[0][0], again[0][0]
        ),
        "mixed: the next epoch has another order": not np.array_equal(
            mixed[0][0], other[0][0]
        ),
        "buckets: less than half of the padding": bool(
            program.padding(batches_of(batches, program))
            < program.padding(batches_of(mixed, program)) / 2
        ),
    }


def batches_of(arrays, program):
    """As the program's own function takes them."""
    convert = getattr(program, "torch", None)
    return [convert.from_numpy(each) for each in arrays] if convert else arrays


def pytorch(program, given):
    import torch

    ids, x, mask, table = program.ids, program.x, program.mask, program.embedding.weight
    F, targets, logits = program.F, program.targets, program.logits
    each = F.cross_entropy(logits.mT, targets, reduction="none")
    valid = mask[:, 1:]

    def gradient(loss):
        return torch.autograd.grad(loss, table, retain_graph=True)[0]

    def pooled(x):
        return F.adaptive_avg_pool1d(x.mT, 1)[..., 0]

    def leaves_out(mean):
        return torch.allclose(mean, program.mean, atol=1e-5)

    by_sequence = ((each * valid).sum(dim=1) / valid.sum(dim=1)).mean()
    empty = torch.zeros_like(targets)
    real = (empty != 0).unsqueeze(-1)
    of_nothing = (program.embedding(empty) * real).sum(dim=1) / real.sum(dim=1)
    every = gradient((x.mean(dim=1) * torch.from_numpy(given["direction"])).sum())
    return {
        "lengths": torch.tensor(program.lengths),
        "padded": ids,
        "mask": mask,
        "mean over real steps": program.mean,
        "mean over real steps: gradient": gradient(
            (program.mean * torch.from_numpy(given["direction"])).sum()
        ),
        "a row in its batch has the mean that it has alone": torch.allclose(
            program.mean[1], program.alone, atol=1e-5
        ),
        "logits": logits,
        "loss of real steps": program.loss,
        "loss of real steps: gradient": gradient(program.loss),
        "loss of real steps, by the mask": (each * valid).sum() / valid.sum(),
        "loss of all steps": program.wrong,
        "a mask as weights, divided by all steps": (each * valid).mean(),
        "a mask as weights makes the loss smaller": bool(
            (each * valid).mean() < 0.95 * program.loss
        ),
        "mean of the sequences' means is another loss": not torch.allclose(
            by_sequence, program.loss, rtol=1e-4
        ),
        **of_buckets(program),
        "pooling leaves the padding out by itself": leaves_out(pooled(x)),
        "after arithmetic, pooling leaves the padding out by itself": leaves_out(
            pooled(x * 1.0)
        ),
        "without a mask, the row of the padding gets a gradient": bool(every[0].any()),
        "a batch of nothing but padding has a loss that is finite": bool(
            F.cross_entropy(logits.mT, empty, ignore_index=0).isfinite()
        ),
        "the mean of a sequence of padding alone is finite": bool(
            of_nothing.isfinite().all()
        ),
        "padded as the function comes": program.pad_sequence(
            program.sequences[:4], batch_first=True
        ),
    }


def tensorflow(program, given):
    import tensorflow as tf

    ids, mask, embedding = program.ids, program.mask, program.embedding
    keras, targets, logits = program.keras, program.targets, program.logits
    pool, table = program.layers.GlobalAveragePooling1D(), embedding.embeddings.value
    with tf.GradientTape(persistent=True) as tape:
        x = embedding(ids)
        mean = pool(x)
        loss_of_mean = tf.reduce_sum(mean * given["direction"])
        loss_of_every = tf.reduce_sum(tf.reduce_mean(x, axis=1) * given["direction"])
        scores = tf.matmul(x[:, :-1], table, transpose_b=True)
        loss = program.loss_fn(targets, scores)

    def gradient(loss):
        return tf.convert_to_tensor(tape.gradient(loss, table))

    def leaves_out(mean):
        return np.allclose(mean, program.mean, atol=1e-5)

    each = keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    valid = tf.cast(mask[:, 1:], tf.float32)
    plain = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    by_sequence = tf.reduce_sum(each * valid, axis=1) / tf.reduce_sum(valid, axis=1)
    return {
        "lengths": program.lengths,
        "padded": tf.cast(ids, tf.int64),
        "mask": mask,
        "mean over real steps": program.mean,
        "mean over real steps: gradient": gradient(loss_of_mean),
        "a row in its batch has the mean that it has alone": np.allclose(
            program.mean[1], program.alone, atol=1e-5
        ),
        "logits": logits,
        "loss of real steps": program.loss,
        "loss of real steps: gradient": gradient(loss),
        "loss of real steps, by the mask": tf.reduce_sum(each * valid)
        / tf.reduce_sum(valid),
        "loss of all steps": program.wrong,
        "a mask as weights, divided by all steps": plain(
            targets, logits, sample_weight=valid
        ),
        "a mask as weights makes the loss smaller": bool(
            plain(targets, logits, sample_weight=valid) < 0.95 * program.loss
        ),
        "mean of the sequences' means is another loss": not np.allclose(
            tf.reduce_mean(by_sequence), program.loss, rtol=1e-4
        ),
        **of_buckets(program),
        "pooling leaves the padding out by itself": leaves_out(pool(x)),
        "after arithmetic, pooling leaves the padding out by itself": leaves_out(
            pool(x * 1.0)
        ),
        "without a mask, the row of the padding gets a gradient": bool(
            np.any(gradient(loss_of_every)[0])
        ),
        "a batch of nothing but padding has a loss that is finite": bool(
            np.isfinite(program.loss_fn(tf.zeros_like(targets), logits))
        ),
        "the mean of a sequence of padding alone is finite": bool(
            np.isfinite(pool(embedding(tf.zeros_like(ids)))).all()
        ),
        "padded as the function comes": keras.utils.pad_sequences(
            program.sequences[:4].to_list(), dtype="int64"
        ),
    }
