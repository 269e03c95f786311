"""Same text and weights: vocabulary, word numbers, logits, gradients and steps."""

from zlib import crc32

import numpy as np

OVER_SEEDS = {"accuracy": {"within": 0.02, "above": "baseline"}}
DIFFERENT = {
    "padding row of a new embedding is all 0": "padding_idx zeros its row; mask_zero "
    "leaves the row as random as the others",
    "padding row has a gradient when it is averaged": "padding_idx also keeps the "
    "gradient at 0; a Keras mean without the mask trains the row",
    "a text without a word gets a number": "EmbeddingBag's mean of nothing is 0; "
    "GlobalAveragePooling1D divides 0 by 0",
    "É is the same word as é": "str.lower knows all letters; TextVectorization "
    "lowers ASCII alone",
}


def inputs():
    rng = np.random.default_rng(0)
    codes = rng.integers(1, 60, (5, 32, 40))
    ends = rng.integers(1, 41, (5, 32, 1))  # a word at least, then padding
    return {
        "table": rng.normal(0, 0.3, (5000, 32)).astype("float32"),
        "kernel": rng.normal(0, 0.3, (32, 3)).astype("float32"),
        "bias": rng.normal(0, 0.3, 3).astype("float32"),
        "codes": np.where(np.arange(40) < ends, codes, 0),
        "y": rng.integers(0, 3, (5, 32)),
    }


def scores(program):
    """What the training came to; a claim that is false fails the proof."""
    accuracy, baseline, strong = program.accuracy, program.baseline, program.strong
    claims = {
        "held-out accuracy at least 0.3 above the majority": accuracy > baseline + 0.3,
        "held-out accuracy within 0.03 of logistic regression": abs(accuracy - strong)
        < 0.03,
        "matplotlib is the commonest in the training part": np.bincount(
            program.labels[program.train]
        ).argmax()
        == 1,
    }
    assert all(claims.values()), claims
    return {name: np.array(holds) for name, holds in claims.items()}


def pytorch(program, given):
    import torch
    from torch import nn

    model, device = program.model, program.device
    result = scores(program)
    numbers = program.codes[:500]  # the program's own, of unseen sentences
    accents = program.words("É") == program.words("é")
    new = nn.EmbeddingBag(8, 4, mode="mean", padding_idx=0)

    plain = nn.Embedding(8, 4, padding_idx=0)
    few = torch.tensor([[1, 2, 0]])
    plain(few).mean(dim=1).sum().backward()
    longer = nn.functional.pad(few, (0, 2))
    moved = not torch.allclose(plain(few).mean(dim=1), plain(longer).mean(dim=1))

    x = torch.from_numpy(given["codes"]).to(device)
    y = torch.from_numpy(given["y"]).to(device)
    with torch.no_grad():
        model[0].weight.copy_(torch.from_numpy(given["table"]))
        model[1].weight.copy_(torch.from_numpy(given["kernel"].T))
        model[1].bias.copy_(torch.from_numpy(given["bias"]))
        padded = model(nn.functional.pad(x[0], (0, 60)))
        nothing = model(torch.zeros(1, 40, dtype=torch.long, device=device))
    logits = model(x[0])
    asked = (model[0].weight, model[1].weight)
    loss_fn = nn.functional.cross_entropy
    gradients = torch.autograd.grad(loss_fn(logits, y[0]), asked)
    program.optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    losses = []
    for batch in zip(x, y):
        losses.append(loss_fn(model(batch[0]), batch[1]).item())
        program.train_step(*batch)
    return {
        "vocabulary, checksums of 4998 words": np.array(
            [crc32(word.encode()) for word in program.code], "uint32"
        ),
        "word numbers of 500 unseen sentences": nn.functional.pad(
            numbers, (0, 40 - numbers.shape[1])
        ).to(torch.int16),
        "logits": logits,
        "logits with 60 more zeros": padded,
        "gradient of the first 60 rows": gradients[0][:60],
        "gradient of the kernel": gradients[1].T,
        "loss of 5 SGD steps": np.float32(losses),
        "first 60 rows after 5 SGD steps": model[0].weight[:60],
        **result,
        "a mean without the mask changes with the padding": np.array(moved),
        "padding row of a new embedding is all 0": np.array(
            not new.weight[0].any().item()
        ),
        "padding row has a gradient when it is averaged": np.array(
            plain.weight.grad[0].any().item()
        ),
        "a text without a word gets a number": np.array(
            nothing.isfinite().all().item()
        ),
        "É is the same word as é": np.array(accents),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    model, x, y = program.model, given["codes"], given["y"]
    result = scores(program)
    new = keras.layers.Embedding(8, 4, mask_zero=True)
    new.build()
    split = keras.layers.TextVectorization(vocabulary=["é"])
    accents = split(["É é"]).numpy()[0]

    few, longer = np.array([[1, 2, 0]]), np.array([[1, 2, 0, 0, 0]])
    with tf.GradientTape() as tape:
        mean = tf.reduce_mean(new(few), axis=1)
    plain = tf.convert_to_tensor(tape.gradient(mean, new.embeddings.value))
    moved = not np.allclose(mean, tf.reduce_mean(new(longer), axis=1))

    vocabulary = program.encode.get_vocabulary()
    model.set_weights([given["table"], given["kernel"], given["bias"]])
    padded = model(np.pad(x[0], ((0, 0), (0, 60))))
    nothing = model(np.zeros((1, 40), int)).numpy()
    with tf.GradientTape() as tape:
        logits = model(x[0], training=True)
        loss = program.loss_fn(y[0], logits)
    weights = [variable.value for variable in model.trainable_variables]
    gradients = tape.gradient(loss, weights)
    model.compile(keras.optimizers.SGD(0.5), program.loss_fn)
    losses = []
    for batch in zip(x, y):
        losses.append(model.train_on_batch(*batch))
        model.reset_metrics()
    return {
        "vocabulary, checksums of 4998 words": np.array(
            [crc32(word.encode()) for word in vocabulary[2:]], "uint32"
        ),
        "word numbers of 500 unseen sentences": program.codes[:500].astype("int16"),
        "logits": logits,
        "logits with 60 more zeros": padded,
        "gradient of the first 60 rows": tf.convert_to_tensor(gradients[0])[:60],
        "gradient of the kernel": gradients[1],
        "loss of 5 SGD steps": np.float32(losses),
        "first 60 rows after 5 SGD steps": model.get_weights()[0][:60],
        **result,
        "a mean without the mask changes with the padding": np.array(moved),
        "padding row of a new embedding is all 0": np.array(
            not new.get_weights()[0][0].any()
        ),
        "padding row has a gradient when it is averaged": np.array(
            plain.numpy()[0].any()
        ),
        "a text without a word gets a number": np.array(np.isfinite(nothing).all()),
        "É is the same word as é": np.array(accents[0] == accents[1]),
    }
