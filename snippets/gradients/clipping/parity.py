"""Norms and clipped gradients, five steps of the program's own training, what is not finite."""

import numpy as np

# PyTorch adds 1e-6 to the norm before it divides.
RTOL, ATOL = 1e-5, 1e-6

DIFFERENT = {
    "step by clip_grad_norm_, and by clipnorm": "clip_grad_norm_ measures all "
    "gradients together, Keras' clipnorm each by itself",
    "a finite gradient stays finite beside an infinite one": "PyTorch multiplies by "
    "1 / infinity, which is 0; TensorFlow makes all of them NaN",
    "weights that are NaN after a step with one infinite gradient": "the same, seen "
    "after the optimizer's step",
}
NAMES = ("w1", "b1", "w2", "b2")


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.1, (64, 32)).astype("float32"),
        "b1": rng.normal(0, 0.1, 32).astype("float32"),
        "w2": rng.normal(0, 0.1, (32, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
        "x": 16 * rng.random((5, 64, 64), dtype="float32"),
        "y": rng.integers(0, 10, (5, 64)),
    }


def raises(expected, message, call, *args, **settings):
    """Whether a call raises this kind of error with this in its message."""
    try:
        call(*args, **settings)
    except expected as raised:
        if message not in str(raised):
            raise
        return True
    return False


def flat(arrays):
    return np.concatenate([np.ravel(each) for each in arrays])


def pytorch(program, given):
    import torch

    images = program.images.to(program.device)
    with torch.inference_mode():
        predicted = program.model(images).argmax(dim=1).cpu().numpy()
    accuracy = (predicted == program.train_set.tensors[1].numpy()).mean()

    def step(slope):
        """The weights after one step of SGD at a rate of 1, clipped to 1."""
        program.compute_gradients(slope=slope)
        torch.nn.utils.clip_grad_norm_(program.weights, 1.0)
        with torch.no_grad():
            for weight in program.weights:
                weight.zero_()
        torch.optim.SGD(program.weights, lr=1.0).step()
        return flat([weight.detach().numpy().copy() for weight in program.weights])

    clip = torch.nn.utils.clip_grad_norm_
    unclipped = program.compute_gradients()
    clip(program.weights, max_norm=100.0)
    within = flat(unclipped)
    joint, infinite = step(12.0), step(np.inf)
    program.compute_gradients(slope=np.inf)
    stopped = raises(
        RuntimeError,
        "non-finite",
        clip,
        program.weights,
        max_norm=1.0,
        error_if_nonfinite=True,
    )

    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    start = {key: torch.from_numpy(given[name].T) for key, name in zip(names, NAMES)}
    program.model.load_state_dict(start)
    x = torch.from_numpy(given["x"]).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)
    results = [program.train_step(*batch) for batch in zip(x, y)]
    moved = [
        (value.cpu() - start[name]).numpy()
        for name, value in program.model.state_dict().items()
    ]
    losses, norms = (np.float32([each.item() for each in all_]) for all_ in zip(*results))
    return {
        "gradients": flat(program.compute_gradients()),
        "norm of all": program.norm_before,
        "clipped by the norm of all": flat(program.by_norm),
        "clipped by each weight's norm": flat(program.by_weight),
        "clipped by value": flat(program.by_value),
        "gradients within the limit": within,
        "step by clip_grad_norm_, and by clipnorm": joint,
        "a finite gradient stays finite beside an infinite one": bool(
            np.isfinite(program.broken[0].numpy()).all()
        ),
        "weights that are NaN after a step with one infinite gradient": int(
            np.isnan(infinite).sum()
        ),
        "the norm tells what is not finite": stopped,
        "losses of 5 steps": losses,
        "norms of 5 steps, before clipping": norms,
        "first kernel after 5 steps": program.model[0].weight.detach().T.cpu().numpy(),
        "way of 5 steps, at most 5 times rate times limit": bool(
            np.linalg.norm(flat(moved)) <= 0.5
        ),
        "accuracy of the run above 0.9": bool(accuracy > 0.9),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    images, labels = program.train_set
    predicted = program.model(images, training=False).numpy().argmax(axis=1)
    accuracy = (predicted == labels).mean()

    def step(slope, **limit):
        """The weights after one step of SGD at a rate of 1, clipped to 1."""
        gradients = program.compute_gradients(slope=slope)
        weights = [keras.Variable(keras.ops.zeros(each.shape)) for each in gradients]
        keras.optimizers.SGD(1.0, **limit).apply(gradients, weights)
        return flat([weight.numpy() for weight in weights])

    clip = tf.clip_by_global_norm
    within, _ = clip(program.compute_gradients(), 100.0)
    each = step(12.0, clipnorm=1.0)
    infinite = step(np.inf, global_clipnorm=1.0)
    _, norm = clip(program.compute_gradients(slope=np.inf), 1.0)

    program.model.set_weights([given[name] for name in NAMES])
    results = [program.train_step(*batch) for batch in zip(given["x"], given["y"])]
    weights = program.model.get_weights()
    moved = [after - given[name] for after, name in zip(weights, NAMES)]
    losses, norms = (np.float32([float(each) for each in all_]) for all_ in zip(*results))
    return {
        "gradients": flat(program.compute_gradients()),
        "norm of all": program.norm_before,
        "clipped by the norm of all": flat(program.by_norm),
        "clipped by each weight's norm": flat(program.by_weight),
        "clipped by value": flat(program.by_value),
        "gradients within the limit": flat(within),
        "step by clip_grad_norm_, and by clipnorm": each,
        "a finite gradient stays finite beside an infinite one": bool(
            np.isfinite(program.broken[0].numpy()).all()
        ),
        "weights that are NaN after a step with one infinite gradient": int(
            np.isnan(infinite).sum()
        ),
        "the norm tells what is not finite": not bool(tf.math.is_finite(norm)),
        "losses of 5 steps": losses,
        "norms of 5 steps, before clipping": norms,
        "first kernel after 5 steps": weights[0],
        "way of 5 steps, at most 5 times rate times limit": bool(
            np.linalg.norm(flat(moved)) <= 0.5
        ),
        "accuracy of the run above 0.9": bool(accuracy > 0.9),
    }
