"""Values, first and second derivatives, a custom gradient and 40 steps of descent."""

import numpy as np

DIFFERENT = {
    "gradient, asked twice": "PyTorch adds to p.grad; each tape starts anew",
    "gradient of a vector is an error": "PyTorch wants a scalar; "
    "TensorFlow sums without being asked",
    "gradient of an integer is an error": "TensorFlow returns None",
    "gradient for an input without influence is an error": "TensorFlow returns None",
    "a change of the input before the gradient is an error": "PyTorch saved "
    "the input itself; TensorFlow saved its value",
    "gradient of where(x > 0, sqrt(x), 0) at 0 is NaN": "PyTorch: 0 times infinity; "
    "TensorFlow's kernel for the root returns 0",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "points": rng.normal(size=(5, 2)).astype("float32"),
        "z": rng.normal(0, 1.5, 8).astype("float32"),
        "upstream": rng.normal(size=8).astype("float32"),
        "start": np.float32([-0.5, 1.5]),
    }


def raises(error, part, function, *arguments):
    """Whether it raises this error; its message then has this part."""
    try:
        function(*arguments)
    except error as raised:
        message = str(raised)
    else:
        return np.array(False)
    assert part in message, message
    return np.array(True)


def pytorch(program, given):
    import torch

    grad = torch.autograd.grad
    points = torch.from_numpy(given["points"]).requires_grad_()
    z = torch.from_numpy(given["z"]).requires_grad_()
    p = program.p

    def change_input():
        q = torch.tensor(given["start"], requires_grad=True)
        value = program.f(q)
        with torch.no_grad():
            q.mul_(2)
        value.backward()

    def ask_again():
        value = program.f(p)
        grad(value, p)
        grad(value, p)

    zero = torch.tensor([0.0], requires_grad=True)
    (root_gradient,) = grad(torch.where(zero > 0, zero.sqrt(), 0.0), zero)
    return {
        "values": program.f(points.T),
        "gradients": grad(program.f(points.T).sum(), points)[0],
        "gradient": program.gradient,
        "gradient, asked twice": program.twice,
        "gradient, asked twice and cleared": program.cleared,
        "Jacobian of the running sums": program.jacobian,
        "gradient of the sum of the running sums": program.of_sum,
        "gradient of p times p": program.tracked,
        "gradient of p times a constant": program.stopped,
        "second derivatives": program.hessian,
        "gradient of sign": grad(torch.sign(z).sum(), z)[0],
        "own gradient": grad(
            program.Binarize.apply(z), z, torch.from_numpy(given["upstream"])
        )[0],
        "40 steps downhill": program.descend(given["start"]),
        "the same gradient a second time is an error": raises(
            RuntimeError, "backward through the graph a second time", ask_again
        ),
        "gradient of a vector is an error": raises(
            RuntimeError, "only for scalar outputs", (p**2).backward
        ),
        "gradient of an integer is an error": raises(
            RuntimeError,
            "floating point and complex",
            lambda: torch.tensor([1, 2], requires_grad=True),
        ),
        "gradient for an input without influence is an error": raises(
            RuntimeError,
            "not have been used in the graph",
            lambda: grad(program.f(p), z),
        ),
        "a change of the input before the gradient is an error": raises(
            RuntimeError, "modified by an inplace operation", change_input
        ),
        "gradient of where(x > 0, sqrt(x), 0) at 0 is NaN": np.array(
            root_gradient.isnan().item()
        ),
        "the same gradient is NaN, with XLA in TensorFlow": np.array(
            root_gradient.isnan().item()
        ),
        "gradient of where(x > 0, sqrt(where(x > 0, x, 1)), 0) at 0": grad(
            torch.where(zero > 0, torch.where(zero > 0, zero, 1.0).sqrt(), 0.0), zero
        )[0],
    }


def tensorflow(program, given):
    import tensorflow as tf

    points = tf.Variable(given["points"])
    z = tf.Variable(given["z"])
    p = program.p

    def grad(function, variable, upstream=None):
        with tf.GradientTape() as tape:
            tape.watch(variable)
            value = function(variable)
        return tape.gradient(value, variable, output_gradients=upstream)

    def change_input():
        q = tf.Variable(given["start"])
        with tf.GradientTape() as tape:
            value = program.f(q)
        q.assign(q * 2)
        tape.gradient(value, q)

    def ask_again():
        with tf.GradientTape() as tape:
            value = program.f(p)
        tape.gradient(value, p)
        tape.gradient(value, p)

    def of_points(points):
        return program.f(tf.transpose(points))

    def root(x):
        return tf.where(x > 0, tf.sqrt(x), 0.0)

    def safe_root(x):
        return tf.where(x > 0, tf.sqrt(tf.where(x > 0, x, 1.0)), 0.0)

    zero = tf.constant([0.0])
    by_xla = tf.function(lambda x: grad(root, x), jit_compile=True)
    return {
        "values": of_points(points),
        "gradients": grad(of_points, points),
        "gradient": program.gradient,
        "gradient, asked twice": program.twice,
        "gradient, asked twice and cleared": program.twice,
        "Jacobian of the running sums": program.jacobian,
        "gradient of the sum of the running sums": program.of_sum,
        "gradient of p times p": program.tracked,
        "gradient of p times a constant": program.stopped,
        "second derivatives": program.hessian,
        "gradient of sign": grad(tf.sign, z),
        "own gradient": grad(program.binarize, z, tf.constant(given["upstream"])),
        "40 steps downhill": program.descend(given["start"]),
        "the same gradient a second time is an error": raises(
            RuntimeError, "non-persistent GradientTape", ask_again
        ),
        "gradient of a vector is an error": raises(
            ValueError, "", lambda: grad(tf.square, p)
        ),
        "gradient of an integer is an error": raises(
            ValueError, "", lambda: grad(tf.square, tf.Variable([1, 2]))
        ),
        "gradient for an input without influence is an error": raises(
            ValueError, "", lambda: grad(lambda _: program.f(p), z)
        ),
        "a change of the input before the gradient is an error": raises(
            RuntimeError, "", change_input
        ),
        "gradient of where(x > 0, sqrt(x), 0) at 0 is NaN": np.isnan(
            grad(root, zero).numpy()[0]
        ),
        "the same gradient is NaN, with XLA in TensorFlow": np.isnan(
            by_xla(zero).numpy()[0]
        ),
        "gradient of where(x > 0, sqrt(where(x > 0, x, 1)), 0) at 0": tf.function(
            lambda x: grad(safe_root, x), jit_compile=True
        )(zero),
    }
