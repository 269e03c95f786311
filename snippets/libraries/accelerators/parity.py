"""Steps from the same weights, rounding, sums and mixed precision in bfloat16."""

import numpy as np

DIFFERENT = {
    "mixed precision outlasts the block it was asked for in": "autocast is a region of "
    "code; a dtype policy belongs to the layers",
    "loss of bfloat16 logits outside such a block is bfloat16": "PyTorch keeps the "
    "dtype of the logits; a Keras loss casts them to float32",
}


def inputs():
    rng = np.random.default_rng(1)
    bits = rng.integers(0, 2**32, 4096, dtype="uint32")
    numbers = bits.view("float32")
    return {
        "w1": rng.normal(0, 0.5, (4, 16)).astype("float32"),
        "b1": rng.normal(0, 0.1, 16).astype("float32"),
        "w2": rng.normal(0, 0.5, (16, 4)).astype("float32"),
        "b2": rng.normal(0, 0.1, 4).astype("float32"),
        "x": rng.normal(size=(64, 4)).astype("float32"),
        "y": rng.integers(0, 4, 64),
        "numbers": np.where(np.isfinite(numbers), numbers, np.float32(0)),
    }


def raises(error, part, function, *arguments, **options):
    """Whether it raises this error; its message then has this part."""
    try:
        function(*arguments, **options)
    except error as raised:
        message = str(raised)
    else:
        return np.array(False)
    assert part in message, message
    return np.array(True)


def mixed(model_loss, losses, kinds, low, full):
    """What holds for the mixed steps: `kinds` are the dtypes of logits, loss and weights."""
    logits, loss, weights = kinds
    return {
        "mixed precision: logits are bfloat16": np.array(logits == low),
        "mixed precision: the loss is float32": np.array(loss == full),
        "mixed precision: weights are float32": np.array(weights == full),
        "mixed precision: five losses within 1 % of float32's": np.array(
            np.allclose(losses, model_loss, rtol=0.01)
        ),
        "mixed precision: five losses are float32's": np.array(
            np.allclose(losses, model_loss, rtol=1e-6)
        ),
    }


def pytorch(program, given):
    import torch

    def carry(model):
        names = ("0.weight", "0.bias", "2.weight", "2.bias")
        weights = (given["w1"].T, given["b1"], given["w2"].T, given["b2"])
        state = {name: torch.from_numpy(w) for name, w in zip(names, weights)}
        model.load_state_dict(state)

    device = program.device
    batch = [torch.from_numpy(given[name]) for name in "xy"]
    x, y = (each.to(device) for each in batch)
    carry(program.model)
    carry(program.mixed_model)
    losses = np.float32([program.train_step(*batch) for _ in range(5)])
    stepped = [program.mixed_step(*batch) for _ in range(5)]
    logits, loss = stepped[-1]
    mixed_losses = [each.item() for _, each in stepped]
    weight = program.mixed_model[0].weight
    kernel = program.model[0].weight.detach().T.clone()
    ones = program.ones
    return {
        "five losses": losses,
        "five losses, TensorFlow's through XLA": losses,
        "first kernel after five steps": kernel,
        "first kernel after five steps, TensorFlow's through XLA": kernel,
        "bits of 4096 numbers in bfloat16": torch.from_numpy(given["numbers"])
        .to(device, torch.bfloat16)
        .float()
        .view(torch.int32),
        "4096 ones, added one by one": program.one_by_one.float(),
        "4096 ones, summed": ones.sum().float(),
        "4096 ones, as a matrix product": (ones[None, :] @ ones[:, None]).float(),
        "largest bfloat16": np.array(torch.finfo(torch.bfloat16).max),
        **mixed(
            losses,
            mixed_losses,
            (logits.dtype, loss.dtype, weight.dtype),
            torch.bfloat16,
            torch.float32,
        ),
        "mixed precision outlasts the block it was asked for in": np.array(
            program.mixed_model(x).dtype == torch.bfloat16
        ),
        "loss of bfloat16 logits outside such a block is bfloat16": np.array(
            program.loss_fn(logits, y).dtype == torch.bfloat16
        ),
        "asking for a TPU raises": raises(
            NotImplementedError, "'XLA' backend", torch.empty, 1, device="xla"
        ),
        "text as a tensor for the compiler raises": raises(
            ValueError, "too many dimensions 'str'", torch.tensor, ["text"]
        ),
    }


def tensorflow(program, given):
    import tensorflow as tf

    def carry(model):
        model.get_layer("hidden").set_weights([given["w1"], given["b1"]])
        model.get_layer("out").set_weights([given["w2"], given["b2"]])

    def steps(step):
        carry(program.model)
        losses = [step(x, y).numpy() for _ in range(5)]
        return np.array(losses), program.model.get_layer("hidden").get_weights()[0]

    x, y = tf.constant(given["x"]), tf.constant(given["y"])
    losses, kernel = steps(program.train_step)
    xla_losses, xla_kernel = steps(program.compiled_step)
    carry(program.mixed_model)
    stepped = [program.mixed_step(x, y) for _ in range(5)]
    logits, loss = stepped[-1]
    weight = program.mixed_model.get_layer("hidden").kernel
    rounded = tf.cast(tf.cast(given["numbers"], tf.bfloat16), tf.float32)
    words = tf.function(tf.strings.as_string, jit_compile=True)
    ones = program.ones
    return {
        "five losses": losses,
        "five losses, TensorFlow's through XLA": xla_losses,
        "first kernel after five steps": kernel,
        "first kernel after five steps, TensorFlow's through XLA": xla_kernel,
        "bits of 4096 numbers in bfloat16": rounded.numpy().view("int32"),
        "4096 ones, added one by one": tf.cast(program.one_by_one, tf.float32),
        "4096 ones, summed": tf.cast(tf.reduce_sum(ones), tf.float32),
        "4096 ones, as a matrix product": tf.cast(
            ones[tf.newaxis, :] @ ones[:, tf.newaxis], tf.float32
        ),
        "largest bfloat16": np.array(float(tf.bfloat16.max)),
        **mixed(
            losses,
            [float(each) for _, each in stepped],
            (logits.dtype.name, loss.dtype.name, weight.dtype),
            "bfloat16",
            "float32",
        ),
        "mixed precision outlasts the block it was asked for in": np.array(
            program.mixed_model(x).dtype == tf.bfloat16
        ),
        "loss of bfloat16 logits outside such a block is bfloat16": np.array(
            program.loss_fn(y, logits).dtype == tf.bfloat16
        ),
        "asking for a TPU raises": raises(
            ValueError,
            "Please provide a TPU Name",
            tf.distribute.cluster_resolver.TPUClusterResolver,
        ),
        "text as a tensor for the compiler raises": raises(
            tf.errors.InvalidArgumentError, "unsupported operations", words, x
        ),
    }
