"""Same text and weights: word numbers, batches, logits, gradients and steps of the shown optimizer."""

import numpy as np

# Each side adds epsilon to another number, and the gradients of a table are small: the steps
# are those of the shown optimizers, with next to no epsilon, and of batches in which each word
# comes once.
EPSILON = 1e-12
RTOL = 1e-4

OVER_SEEDS = {"accuracy": {"within": 0.03, "above": "baseline"}}
DIFFERENT = {
    "padding row of a new embedding is all 0": "padding_idx zeros its row; mask_zero "
    "leaves the row as random as the others",
    "padding row has a gradient when it is averaged": "padding_idx also keeps the "
    "gradient at 0; a Keras mean without the mask trains the row",
    "a text of padding alone gets a number": "EmbeddingBag's mean of nothing is 0; "
    "GlobalAveragePooling1D divides 0 by 0",
    "how far a word moves at most in a first step, if words come often": "PyTorch adds "
    "up a word's gradients before Adam squares them; Keras squares each by itself",
    "words in 'It's well-known': the program's, TextVectorization's": "the programs' "
    "pattern splits at punctuation; TextVectorization deletes it, and joins",
    "É is the same word as é: for the program, for TextVectorization": "str.lower knows "
    "all letters; TextVectorization lowers ASCII alone",
}
WORDS, LENGTH = 5000, 40


def inputs():
    rng = np.random.default_rng(0)
    ids = rng.integers(1, 60, (5, 32, LENGTH))
    ends = rng.integers(1, LENGTH + 1, (5, 32, 1))  # a word at least, then padding
    once = [1 + rng.permutation(WORDS - 1)[: 32 * LENGTH] for _ in range(5)]
    return {
        "table": rng.normal(0, 0.3, (WORDS, 32)).astype("float32"),
        "kernel": rng.normal(0, 0.3, (32, 3)).astype("float32"),
        "bias": rng.normal(0, 0.3, 3).astype("float32"),
        "ids": np.where(np.arange(LENGTH) < ends, ids, 0),
        "once": np.where(np.arange(LENGTH) < ends, np.reshape(once, ids.shape), 0),
        "targets": rng.integers(0, 3, (5, 32)),
    }


def scores(program, logits, batches):
    """What the training came to; a claim that is false fails the proof."""
    accuracy, baseline, strong = program.accuracy, program.baseline, program.strong
    train, test = set(program.train_texts), set(program.test_texts)
    again = (logits.argmax(axis=1) == program.test_labels).mean()
    ids = np.concatenate([ids for ids, _ in batches])
    labels = np.concatenate([labels for _, labels in batches])
    claims = {
        "held-out accuracy at least 0.3 above the majority": accuracy > baseline + 0.3,
        "held-out accuracy within 0.05 of logistic regression": abs(accuracy - strong)
        < 0.05,
        "no sentence is in both parts": not train & test,
        "the accuracy is that of the held-out texts": again == accuracy,
    }
    assert all(claims.values()), claims
    return {name: np.array(holds) for name, holds in claims.items()} | {
        "batches: texts of each author": np.bincount(labels),
        "batches: sum of the word numbers": ids.sum(dtype="int64"),
        "training texts: sum of the word numbers": np.asarray(
            program.encode(program.train_texts)
        ).sum(dtype="int64"),
    }


def pytorch(program, given):
    import torch
    from torch import nn

    model, device = program.model, program.device
    held_out = program.encode(program.test_texts)
    batches = [(ids.numpy(), labels.numpy()) for ids, labels in program.train_loader]
    result = scores(program, program.predict(held_out), batches)
    new = nn.EmbeddingBag(8, 4, mode="mean", padding_idx=0)

    plain = nn.Embedding(8, 4, padding_idx=0)
    few = torch.tensor([[1, 2, 0]])
    plain(few).mean(dim=1).sum().backward()
    longer = nn.functional.pad(few, (0, 2))
    moved = not torch.allclose(plain(few).mean(dim=1), plain(longer).mean(dim=1))

    ids = torch.from_numpy(given["ids"]).to(device)
    targets = torch.from_numpy(given["targets"]).to(device)
    with torch.no_grad():
        model[0].weight.copy_(torch.from_numpy(given["table"]))
        model[1].weight.copy_(torch.from_numpy(given["kernel"].T))
        model[1].bias.copy_(torch.from_numpy(given["bias"]))
    logits = model(ids[0])
    padded = program.predict(nn.functional.pad(ids[0], (0, 60)))
    nothing = program.predict(torch.zeros(1, LENGTH, dtype=torch.int64))
    asked = (model[0].weight, model[1].weight)
    gradients = torch.autograd.grad(program.loss_fn(logits, targets[0]), asked)
    settings = program.optimizer.defaults

    def steps(ids):
        with torch.no_grad():
            model[0].weight.copy_(torch.from_numpy(given["table"]))
        chosen = settings | {"eps": EPSILON}
        optimizer = type(program.optimizer)(model.parameters(), **chosen)
        batches = zip(torch.from_numpy(ids).to(device), targets)
        return [program.train_step(model, optimizer, *batch) for batch in batches]

    losses = steps(given["once"])
    stepped = program.predict(torch.from_numpy(given["once"][0]))
    steps(given["ids"][:1])
    table = model[0].weight.detach().cpu().numpy()
    return {
        "word numbers of the held-out texts": held_out.to(torch.int16),
        "texts without a word": program.encode(["?", "", "Emma?"]).to(torch.int16),
        "logits": logits,
        "logits with 60 more zeros": padded,
        "gradient of the first 60 rows": gradients[0][:60],
        "gradient of the kernel": gradients[1].T,
        "learning rate and betas": np.array([settings["lr"], *settings["betas"]]),
        "loss of 5 steps": np.float32(losses),
        "logits after 5 steps": stepped,
        "how far a word moves at most in a first step, if words come often": np.abs(
            table - given["table"]
        ).max(),
        **result,
        "a mean without the mask changes with the padding": np.array(moved),
        "padding row of a new embedding is all 0": np.array(
            not new.weight[0].any().item()
        ),
        "padding row has a gradient when it is averaged": np.array(
            plain.weight.grad[0].any().item()
        ),
        "a text of padding alone gets a number": np.array(np.isfinite(nothing).all()),
        "words in 'It's well-known': the program's, TextVectorization's": np.array(
            len(program.tokenize("It's well-known"))
        ),
        "É is the same word as é: for the program, for TextVectorization": np.array(
            program.tokenize("É") == program.tokenize("é")
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    model, ids, targets = program.model, given["ids"], given["targets"]
    held_out = program.encode(program.test_texts)
    batches = list(program.train_ds.as_numpy_iterator())
    result = scores(program, model.predict(held_out, verbose=0), batches)
    new = keras.layers.Embedding(8, 4, mask_zero=True)
    new.build()
    split = keras.layers.TextVectorization(vocabulary=["é"])
    accents = split(["É é"]).numpy()[0]
    words = split(["It's well-known"]).numpy()[0]

    few, longer = np.array([[1, 2, 0]]), np.array([[1, 2, 0, 0, 0]])
    with tf.GradientTape() as tape:
        mean = tf.reduce_mean(new(few), axis=1)
    plain = tf.convert_to_tensor(tape.gradient(mean, new.embeddings.value))
    moved = not np.allclose(mean, tf.reduce_mean(new(longer), axis=1))

    table, bottom = model.layers[0], model.layers[-1]
    table.set_weights([given["table"]])
    bottom.set_weights([given["kernel"], given["bias"]])
    padded = model(np.pad(ids[0], ((0, 0), (0, 60))), training=False)
    nothing = model(np.zeros((1, LENGTH), int), training=False).numpy()
    with tf.GradientTape() as tape:
        logits = model(ids[0], training=True)
        loss = program.loss_fn(targets[0], logits)
    gradients = tape.gradient(loss, [table.embeddings.value, bottom.kernel.value])
    settings = program.optimizer.get_config() | {"epsilon": EPSILON}

    def steps(ids):
        table.set_weights([given["table"]])
        optimizer = program.optimizer.from_config(settings)
        model.compile(optimizer, program.loss_fn)
        losses = []
        for batch in zip(ids, targets):
            losses.append(model.train_on_batch(*batch))
            model.reset_metrics()
        return losses

    losses = steps(given["once"])
    stepped = model(given["once"][0], training=False).numpy()
    steps(ids[:1])
    return {
        "word numbers of the held-out texts": held_out.astype("int16"),
        "texts without a word": program.encode(["?", "", "Emma?"]).astype("int16"),
        "logits": logits,
        "logits with 60 more zeros": padded,
        "gradient of the first 60 rows": tf.convert_to_tensor(gradients[0])[:60],
        "gradient of the kernel": gradients[1],
        "learning rate and betas": np.array(
            [settings[name] for name in ("learning_rate", "beta_1", "beta_2")]
        ),
        "loss of 5 steps": np.float32(losses),
        "logits after 5 steps": stepped,
        "how far a word moves at most in a first step, if words come often": np.abs(
            table.get_weights()[0] - given["table"]
        ).max(),
        **result,
        "a mean without the mask changes with the padding": np.array(moved),
        "padding row of a new embedding is all 0": np.array(
            not new.get_weights()[0][0].any()
        ),
        "padding row has a gradient when it is averaged": np.array(
            plain.numpy()[0].any()
        ),
        "a text of padding alone gets a number": np.array(np.isfinite(nothing).all()),
        "words in 'It's well-known': the program's, TextVectorization's": np.array(
            len(words)
        ),
        "É is the same word as é: for the program, for TextVectorization": np.array(
            accents[0] == accents[1]
        ),
    }
