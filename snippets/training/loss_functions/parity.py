"""The same outputs and targets: losses and their gradients, and what each side makes of shapes."""

import warnings

import numpy as np

DIFFERENT = {
    "cross-entropy by its defaults": "PyTorch takes logits; Keras takes probabilities, "
    "unless from_logits=True",
    "prediction first, then target, is right": "PyTorch takes the prediction first, "
    "Keras the target",
    "class weights by default": "PyTorch divides by the sum of the weights, Keras by "
    "the number of samples",
    "sum of squared errors": "PyTorch adds up elements, Keras means over the last axis",
    "numbers that are left without reduction": "PyTorch keeps each element, Keras "
    "averages over the last axis",
    "squared error of (4, 1) and (4,)": "PyTorch compares all pairs; Keras brings both "
    "to one shape",
    "binary cross-entropy takes (4, 1) and (4,)": "PyTorch raises; Keras brings both to "
    "one shape",
    "label -100 is left out unasked": "PyTorch's ignore_index is -100; Keras has none",
    "a batch with every label ignored costs a number": "PyTorch divides 0 by 0; Keras "
    "says 0",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "column": rng.normal(0, 2, (16, 1)).astype("float32"),
        "yes": rng.integers(0, 2, (16, 1)).astype("float32"),
        "scores": rng.normal(0, 2, (16, 3)).astype("float32"),
        "labels": rng.integers(0, 3, 16),
        "weights": rng.random(16).astype("float32"),
        "tags": rng.integers(0, 2, (16, 3)).astype("float32"),
        "numbers": rng.normal(0, 2, (16, 3)).astype("float32"),
    }


def works(function, error, message):
    """Whether it runs; it may raise this error with these words and no other one."""
    try:
        function()
    except error as raised:
        if message not in str(raised):
            raise
        return False
    return True


def by_hand(logits, targets):
    """Binary cross-entropy of logits."""
    return (np.log1p(np.exp(logits)) - logits * targets).mean()


def named(losses, gradients):
    """Losses and gradients by the names of the cases."""
    found = {f"{name}: loss": loss for name, loss in losses.items()}
    return found | {f"{name}: gradient": each for name, each in gradients.items()}


def pytorch(program, given):
    import torch

    def case(name, function):
        output = torch.from_numpy(given[name]).requires_grad_()
        loss = function(output)
        return loss.detach(), torch.autograd.grad(loss, output)[0]

    names = ("yes", "labels", "tags", "numbers")
    yes, labels, tags, numbers = (torch.from_numpy(given[name]) for name in names)
    ignored = labels.where(labels != 2, -100)
    ce, functional = program.cross_entropy, program.F
    cases = {
        "two classes": case("column", lambda x: program.bce(x, yes)),
        "many classes": case("scores", lambda x: ce(x, labels)),
        "many classes, one-hot": case(
            "scores", lambda x: ce(x, functional.one_hot(labels, 3).float())
        ),
        "softmax twice": case("scores", lambda x: ce(x.softmax(dim=1), labels)),
        "several labels": case("scores", lambda x: program.bce(x, tags)),
        "several labels, one rare": case(
            "scores", lambda x: program.weighted_bce(x, tags)
        ),
        "labels ignored": case("scores", lambda x: ce(x, ignored)),
        "smoothed": case("scores", lambda x: program.smooth(x, labels)),
        "classes weighted, by sum of weights": case(
            "scores", lambda x: program.weighted_mean(x, labels)
        ),
        "focal": case("column", lambda x: program.focal_loss(x, yes)),
        "focal, as Keras has it": case("column", lambda x: program.focal_loss(x, yes)),
        "squared": case("scores", lambda x: torch.nn.MSELoss()(x, numbers)),
        **{
            f"curve of {name}": case(
                "scores", lambda x, each=each: each(x, numbers).mean()
            )
            for name, each in program.curves.items()
        },
    }
    column, four = program.logits, program.targets[:, 0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the warning is the page's subject
        pairs = torch.nn.MSELoss()(column, four)

    def sum_of(reduction):
        loss = torch.nn.MSELoss(reduction=reduction)
        return loss(program.predictions, program.truth)

    nobody, column_given = torch.full((3,), -100), torch.from_numpy(given["column"])
    each = functional.cross_entropy(
        torch.from_numpy(given["scores"]), labels, reduction="none"
    )
    by_class = program.class_weights[labels]
    return {
        **named(*({name: each[i] for name, each in cases.items()} for i in (0, 1))),
        "class weights in fit, by number of samples": (each * by_class).mean(),
        "own loss in a saved model, samples weighted": np.mean(
            [
                weight * program.focal_loss(*pair).numpy()
                for weight, *pair in zip(given["weights"], column_given, yes)
            ]
        ),
        "of the run: softmax twice": program.twice,
        "of the run: weighted by tags": program.weighted_bce(
            program.tag_scores, program.tags
        ),
        "of the run: padding left out": ce(program.scores, program.padded),
        "of the run: weights by number of samples": program.per_sample,
        "of the run: mean": program.loss,
        "points on the curves": program.values,
        "cross-entropy by its defaults": torch.nn.CrossEntropyLoss()(
            program.scores, program.labels
        ),
        "prediction first, then target, is right": np.isclose(
            program.bce(column, program.targets),
            by_hand(column.numpy(), program.targets.numpy()),
        ),
        "class weights by default": program.weighted_mean(
            program.scores, program.labels
        ),
        "sum of squared errors": sum_of("sum"),
        "numbers that are left without reduction": sum_of("none").numel(),
        "squared error of (4, 1) and (4,)": pairs,
        "binary cross-entropy takes (4, 1) and (4,)": works(
            lambda: program.bce(column, four), ValueError, "Target size"
        ),
        "label -100 is left out unasked": bool(
            ce(program.scores, program.padded).isfinite()
        ),
        "a batch with every label ignored costs a number": bool(
            ce(program.scores, nobody).isfinite()
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    def case(name, function):
        output = tf.constant(given[name])
        with tf.GradientTape() as tape:
            tape.watch(output)
            loss = tf.reduce_mean(function(output))
        return loss, tape.gradient(loss, output)

    yes, labels, tags, numbers = (
        given[name] for name in ("yes", "labels", "tags", "numbers")
    )
    ignored = np.where(labels != 2, labels, -100)
    ce, losses, weights = program.cross_entropy, keras.losses, program.class_weights
    sparse = losses.SparseCategoricalCrossentropy
    cases = {
        "two classes": case("column", lambda x: program.bce(yes, x)),
        "many classes": case("scores", lambda x: ce(labels, x)),
        "many classes, one-hot": case(
            "scores",
            lambda x: losses.CategoricalCrossentropy(from_logits=True)(
                tf.one_hot(labels, 3), x
            ),
        ),
        "softmax twice": case("scores", lambda x: ce(labels, tf.nn.softmax(x))),
        "several labels": case("scores", lambda x: program.bce(tags, x)),
        "several labels, one rare": case(
            "scores",
            lambda x: tf.nn.weighted_cross_entropy_with_logits(tags, x, program.rare),
        ),
        "labels ignored": case("scores", lambda x: program.ignoring(ignored, x)),
        "smoothed": case(
            "scores", lambda x: program.smooth(tf.one_hot(labels, 3), x)
        ),
        "classes weighted, by sum of weights": case(
            "scores", lambda x: program.weighted_mean(labels, x, tf.gather(weights, labels))
        ),
        "focal": case("column", lambda x: program.focal_loss(yes, x)),
        "focal, as Keras has it": case(
            "column",
            lambda x: losses.BinaryFocalCrossentropy(from_logits=True)(yes, x),
        ),
        "squared": case("scores", lambda x: losses.MeanSquaredError()(numbers, x)),
        **{
            f"curve of {name}": case("scores", lambda x, each=each: each(numbers, x))
            for name, each in program.curves.items()
        },
    }
    column, four = program.logits, program.targets[:, 0]

    def sum_of(reduction):
        loss = losses.MeanSquaredError(reduction=reduction)
        return loss(program.truth, program.predictions)

    def same(size, loss):
        """A compiled model that hands its input on, and learns nothing."""
        layer = keras.layers.Dense(size, use_bias=False, kernel_initializer="identity")
        model = keras.Sequential([keras.Input((size,)), layer])
        model.compile(keras.optimizers.SGD(0.0), loss)
        return model

    by_class = dict(enumerate(weights.numpy().tolist()))
    fitted = same(3, ce).fit(given["scores"], labels, class_weight=by_class, verbose=0)
    same(1, program.focal_loss).save("focal.keras")

    def unasked():
        loss = ce(program.padded, program.scores)
        return tf.debugging.assert_all_finite(loss, "a label value counts as NaN")

    return {
        **named(*({name: each[i] for name, each in cases.items()} for i in (0, 1))),
        "class weights in fit, by number of samples": np.float32(
            fitted.history["loss"][0]
        ),
        "own loss in a saved model, samples weighted": np.float32(
            keras.saving.load_model("focal.keras").evaluate(
                given["column"], yes, sample_weight=given["weights"], verbose=0
            )
        ),
        "of the run: softmax twice": program.twice,
        "of the run: weighted by tags": tf.reduce_mean(program.weighted),
        "of the run: padding left out": program.ignoring(program.padded, program.scores),
        "of the run: weights by number of samples": program.per_sample,
        "of the run: mean": program.loss_fn(program.truth, program.predictions),
        "points on the curves": program.values,
        "cross-entropy by its defaults": sparse()(program.labels, program.scores),
        "prediction first, then target, is right": np.isclose(
            program.bce(column, program.targets),
            by_hand(column.numpy(), program.targets.numpy()),
        ),
        "class weights by default": program.per_sample,
        "sum of squared errors": sum_of("sum"),
        "numbers that are left without reduction": len(sum_of(None)),
        "squared error of (4, 1) and (4,)": losses.MeanSquaredError()(four, column),
        "binary cross-entropy takes (4, 1) and (4,)": works(
            lambda: program.bce(four, column), ValueError, "shape"
        ),
        "label -100 is left out unasked": works(
            unasked, tf.errors.InvalidArgumentError, "label value"
        ),
        "a batch with every label ignored costs a number": np.isfinite(
            program.ignoring(tf.fill(3, -100), program.scores)
        ),
    }
