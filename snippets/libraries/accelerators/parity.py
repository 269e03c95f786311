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


def raises(function, *arguments, **options):
    try:
        function(*arguments, **options)
    except Exception:
        return np.array(True)
    return np.array(False)


def pytorch(program, given):
    import torch

    def reset():
        weights = (given["w1"].T, given["b1"], given["w2"].T, given["b2"])
        names = program.model.state_dict()
        program.model.load_state_dict(
            {name: torch.tensor(w) for name, w in zip(names, weights)}
        )

    x, y, device = given["x"], given["y"], program.device
    reset()
    batch = torch.tensor(x, device=device)
    exact = program.model(batch).detach()
    mixed = program.predict_mixed(batch)
    labels = torch.tensor(y, device=device)
    with torch.autocast(device.type, torch.bfloat16):
        inside = program.loss_fn(program.model(batch), labels)
    losses = [program.step(x, y).item() for _ in range(5)]
    kernel = program.model[0].weight.detach().T.clone()
    rounded = torch.tensor(given["numbers"], device=device).to(torch.bfloat16).float()
    return {
        "five losses": np.array(losses, "float32"),
        "five losses, TensorFlow's through XLA": np.array(losses, "float32"),
        "first kernel after five steps": kernel,
        "first kernel after five steps, TensorFlow's through XLA": kernel,
        "bits of 4096 numbers in bfloat16": rounded.cpu().numpy().view("int32"),
        "4096 ones, added one by one": program.one_by_one.float(),
        "4096 ones, summed": program.ones.sum().float(),
        "4096 ones, as a matrix product": (
            (program.ones[None, :] @ program.ones[:, None]).float()
        ),
        "largest bfloat16": np.array(torch.finfo(torch.bfloat16).max),
        "mixed precision: outputs are bfloat16": np.array(
            mixed.dtype == torch.bfloat16
        ),
        "mixed precision: weights are float32": np.array(
            program.model[0].weight.dtype == torch.float32
        ),
        "mixed precision: error below 1 %": np.array(
            float((mixed - exact).abs().max() / exact.abs().max()) < 0.01
        ),
        "mixed precision outlasts the block it was asked for in": np.array(
            program.model(batch).dtype == torch.bfloat16
        ),
        "loss of bfloat16 logits outside such a block is bfloat16": np.array(
            program.loss_fn(mixed, labels).dtype == torch.bfloat16
        ),
        "loss where mixed precision is on is float32": np.array(
            inside.dtype == torch.float32
        ),
        "asking for a TPU raises": raises(torch.empty, 1, device="xla"),
        "text as a tensor for the compiler raises": raises(torch.tensor, ["text"]),
    }


def tensorflow(program, given):
    import tensorflow as tf

    def steps(step):
        program.model.set_weights([given[name] for name in ("w1", "b1", "w2", "b2")])
        losses = [step(x, y).numpy() for _ in range(5)]
        return np.array(losses), program.model.get_weights()[0]

    x, y = tf.constant(given["x"]), tf.constant(given["y"])
    losses, kernel = steps(program.step)
    xla_losses, xla_kernel = steps(program.compiled)
    program.model.set_weights([given[name] for name in ("w1", "b1", "w2", "b2")])
    exact, mixed = program.model(x), program.predict_mixed(x)
    error = tf.reduce_max(tf.abs(tf.cast(mixed, tf.float32) - exact))
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
        "mixed precision: outputs are bfloat16": np.array(mixed.dtype == tf.bfloat16),
        "mixed precision: weights are float32": np.array(
            program.mixed_model.weights[0].dtype == "float32"
        ),
        "mixed precision: error below 1 %": np.array(
            float(error / tf.reduce_max(tf.abs(exact))) < 0.01
        ),
        "mixed precision outlasts the block it was asked for in": np.array(
            program.mixed_model(x).dtype == tf.bfloat16
        ),
        "loss of bfloat16 logits outside such a block is bfloat16": np.array(
            program.loss_fn(y, mixed).dtype == tf.bfloat16
        ),
        "loss where mixed precision is on is float32": np.array(
            program.loss_fn(y, mixed).dtype == tf.float32
        ),
        "asking for a TPU raises": raises(
            tf.distribute.cluster_resolver.TPUClusterResolver
        ),
        "text as a tensor for the compiler raises": raises(words, x),
    }
