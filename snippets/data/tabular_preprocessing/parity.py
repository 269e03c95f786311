"""The run's own split and encoding, saved file and score; same weights: logits, gradients, steps."""

import numpy as np

# Adam divides by the root of a running mean of squared gradients, so a
# gradient near zero turns rounding into a step: ten of them amplify it.
RTOL, ATOL = 1e-5, 1e-5

DIFFERENT = {
    "deviation by the default of std": "torch's std divides by n - 1, as that of pandas "
    "does; Normalization divides by n",
    "a column that never changes, normalized": "0 / 0 is NaN; Normalization divides by "
    "no less than 1e-7",
    "losses of 10 steps, as fit takes them": "Keras' Adam adds up the squared gradients "
    "of each row that looks a category up, PyTorch's squares their sum",
    "what the model saves of itself holds the vocabulary": "a state_dict has tensors "
    "alone; a .keras file has the strings of StringLookup",
}
OVER_SEEDS = {"accuracy": {"within": 0.03, "above": "baseline"}}
VARIES = {"Test": "each CPU rounds otherwise, and training amplifies it"}
NAMES = ("embedding", "w1", "b1", "w2", "b2")


def inputs():
    rng = np.random.default_rng(0)
    return {
        "embedding": rng.normal(0, 0.5, (8, 4)).astype("float32"),
        "w1": rng.normal(0, 0.3, (7, 16)).astype("float32"),
        "b1": rng.normal(0, 0.1, 16).astype("float32"),
        "w2": rng.normal(0, 0.3, (16, 1)).astype("float32"),
        "b2": rng.normal(0, 0.1, 1).astype("float32"),
    }


def of_the_tables(program, trained_on):
    """That both parts are of the table and share no row, and that only one was measured."""
    train, test = program.train, program.test
    everyone, mean = program.table[program.columns].mean(), program.mean
    return {
        "rows to train and test with": np.array([len(train), len(test)]),
        "the first to train and test with": np.array([train.index[0], test.index[0]]),
        "rows in both": len(train.index.intersection(test.index)),
        "the mean of all rows is another one": not np.allclose(mean, everyone, 1e-4),
        "numbers of an epoch, each column sorted": np.sort(trained_on, axis=0),
        "share of the larger answer": np.float32(program.baseline),
    }


def raises(function, argument, error, message):
    """Whether a call raises this error with these words; any other error is one."""
    try:
        function(argument)
    except error as raised:
        if message not in str(raised):
            raise
        return True
    return False


def pytorch(program, given):
    import torch

    model, device = program.model, program.device
    numbers, party, votes = (
        each.to(device) for each in program.tensors(program.train)
    )
    with torch.inference_mode():
        _, unseen, answers = (
            each.to(device) for each in program.tensors(program.test)
        )
        again = program.loaded(program.numbers, unseen)
        same = torch.equal(program.before, program.after)
        same &= torch.equal(program.model(program.numbers, unseen), again)
        accuracy = ((program.logits > 0) == answers).float().mean()
    weights = torch.load("voter.pt", map_location=device)["weights"]
    w1, b1, w2, b2 = (torch.tensor(given[name].T) for name in NAMES[1:])
    with torch.no_grad():
        model.embedding.weight.copy_(torch.tensor(given["embedding"]))
        model.hidden.weight.copy_(w1)
        model.hidden.bias.copy_(b1)
        model.out.weight.copy_(w2)
        model.out.bias.copy_(b2)
    program.optimizer.state.clear()
    program.optimizer.param_groups[0]["eps"] = 1e-14
    logits = model(numbers, party)
    of_green = model(*program.row)
    loss = program.loss_fn(logits, votes)
    watched = model.embedding.weight, model.hidden.weight
    gradients = torch.autograd.grad(loss, watched)
    losses = [program.train_step(numbers, party, votes).item() for _ in range(10)]
    constant = torch.full((4, 3), 2.0).to(device)
    model.mean, model.std = constant.mean(0), constant.std(0)
    normal = (constant - model.mean) / model.std
    return {
        **of_the_tables(program, torch.cat([x for x, _, _ in program.train_loader])),
        "mean": program.mean,
        "deviation": program.std,
        "deviation by the default of std": numbers.cpu().std(dim=0),
        "numbers as read": numbers,
        "categories of the training part": party.int(),
        "categories of the test part": unseen.int(),
        "votes": votes,
        "an unknown category": program.encode(["Green"]).int(),
        "accuracy is of the test part": bool(np.isclose(program.accuracy, accuracy.item())),
        "loaded from the file: the same outputs": same,
        "logits": logits,
        "logit of an unknown category": of_green,
        "gradient of the embedding": gradients[0],
        "gradient of the kernel": gradients[1].T,
        "losses of 10 steps, as fit takes them": np.float32(losses),
        "losses of 10 steps, gradients of a category added up": np.float32(losses),
        "an unknown category, no place left for it": raises(
            program.index.__getitem__, "Green", KeyError, "Green"
        ),
        "a column that never changes, normalized": normal[:, :1],
        "what the model saves of itself holds the vocabulary": any(
            not torch.is_tensor(each) for each in weights.values()
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    def whole(table):
        """All of a table, through the program's own data set."""
        return next(iter(program.dataset(table).batch(len(table))))

    model = program.model
    (read, votes), (unseen, answers) = whole(program.train), whole(program.test)
    correct = (model(unseen, training=False) > 0) == (answers > 0)
    same = np.array_equal(program.before, program.after)
    same &= np.array_equal(model(unseen), program.loaded(unseen))
    kept = program.loaded.get_layer(program.encode.name).get_vocabulary()

    hidden, out = (each for each in model.layers if isinstance(each, keras.layers.Dense))

    def start():
        """The given weights, and an optimizer that has forgotten its moments."""
        program.embedding.set_weights([given["embedding"]])
        hidden.set_weights([given["w1"], given["b1"]])
        out.set_weights([given["w2"], given["b2"]])
        for variable in program.optimizer.variables:
            if variable.name != "learning_rate":
                variable.assign(keras.ops.zeros_like(variable))

    def gradients(*watched):
        with tf.GradientTape() as tape:
            logits = model(read, training=True)
            loss = program.loss_fn(votes, logits)
        return logits, loss, tape.gradient(loss, watched)

    def steps():
        """Ten losses, with one gradient a category where `fit` has one a row."""
        start()
        trained = [each.value for each in model.trainable_variables]
        losses = []
        for _ in range(10):
            _, loss, slopes = gradients(*trained)
            slopes = [tf.convert_to_tensor(each) for each in slopes]
            program.optimizer.apply(slopes, model.trainable_variables)
            losses.append(loss.numpy())
        return np.float32(losses)

    start()
    watched = program.embedding.embeddings.value, hidden.kernel.value
    logits, _, (embedding, kernel) = gradients(*watched)
    of_green = model(program.row, training=False)
    program.optimizer.epsilon = 1e-14
    model.compile(program.optimizer, program.loss_fn)
    start()
    by_fit = [
        model.fit(program.dataset(program.train).batch(700), shuffle=False, verbose=0)
        for _ in range(10)
    ]
    of_fit = np.float32([each.history["loss"][0] for each in by_fit])
    losses = steps()
    constant = np.full((4, 3), 2.0, "float32")
    normalize = keras.layers.Normalization()
    normalize.adapt(constant)
    strict = keras.layers.StringLookup(
        vocabulary=program.vocabulary[1:], num_oov_indices=0
    )
    return {
        **of_the_tables(
            program, np.concatenate([x["numbers"] for x, _ in program.train_ds])
        ),
        "mean": program.mean,
        "deviation": program.variance**0.5,
        "deviation by the default of std": program.variance**0.5,
        "numbers as read": read["numbers"],
        "categories of the training part": tf.cast(
            program.encode(read["party"]), tf.int32
        ),
        "categories of the test part": tf.cast(
            program.encode(unseen["party"]), tf.int32
        ),
        "votes": votes,
        "an unknown category": tf.cast(program.encode(["Green"]), tf.int32),
        "accuracy is of the test part": bool(
            np.isclose(program.accuracy, np.mean(correct))
        ),
        "loaded from the file: the same outputs": same,
        "logits": logits,
        "logit of an unknown category": of_green,
        "gradient of the embedding": tf.convert_to_tensor(embedding),
        "gradient of the kernel": kernel,
        "losses of 10 steps, as fit takes them": of_fit,
        "losses of 10 steps, gradients of a category added up": losses,
        "an unknown category, no place left for it": raises(
            strict, tf.constant(["Green"]), tf.errors.InvalidArgumentError, "Green"
        ),
        "a column that never changes, normalized": normalize(constant)[:, :1],
        "what the model saves of itself holds the vocabulary": kept
        == program.vocabulary,
    }
