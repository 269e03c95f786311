"""Same clips and weights: scores, loss, gradients, SGD steps; held-out scores."""

import numpy as np

# A gradient of the first kernel sums 8 clips x 289 places: rounding adds up.
RTOL, ATOL = 1e-5, 1e-5

OVER_SEEDS = {"accuracy": {"within": 0.06, "above": "baseline"}}
DIFFERENT = {
    "scores, flattened as the convolution leaves them": "digit, row, column in "
    "PyTorch; row, column, digit in Keras: the same number names another place",
    "smooth L1 with beta 0.1, Huber with delta 0.1": "Huber is not divided by delta",
}


def inputs():
    rng = np.random.default_rng(0)
    given = {
        "kernel 1": rng.normal(0, 0.1, (8, 8, 2, 48)),
        "bias 1": rng.normal(0, 0.1, 48),
        "kernel 2": rng.normal(0, 0.2, (1, 1, 48, 10)),
        "bias 2": rng.normal(0, 0.1, 10),
    }
    return {name: value.astype("float32") for name, value in given.items()}


def standing(frames):
    """The clips with the second frame twice: nothing moves."""
    return frames[:, [1, 1]]


def trained(program, best):
    """What training came to; a claim that is false fails the proof."""
    accuracy, baseline, where = program.accuracy, program.baseline, program.where
    _, blind = program.score(*np.divmod(best, 10))
    claims = {
        "held-out accuracy above 0.70": accuracy > 0.7,
        "held-out accuracy more than 0.1 above the baseline": accuracy > baseline + 0.1,
        "held-out place right in more than 0.95": where > 0.95,
        "accuracy lower by more than 0.2, same frame twice": blind < accuracy - 0.2,
    }
    assert all(claims.values()), (claims, accuracy, baseline, where, blind)
    return {name: np.array(holds) for name, holds in claims.items()} | {
        "baseline's accuracy": np.float64(baseline)
    }


def pytorch(program, given):
    import torch
    from torch.nn import functional as F

    model, device = program.model, program.device
    with torch.inference_mode():
        still = program.scores(torch.from_numpy(standing(program.test[0])).to(device))
    result = trained(program, still.argmax(dim=1).cpu().numpy())
    x, y = program.x[:8], program.y[:8]
    weights = list(model.parameters())
    with torch.no_grad():
        for weight, value in zip(weights, given.values()):
            value = value.transpose(3, 2, 0, 1) if value.ndim == 4 else value
            weight.copy_(torch.from_numpy(np.ascontiguousarray(value)))

    scores = program.scores(x)
    loss = F.cross_entropy(scores, y)
    gradients = torch.autograd.grad(loss, weights)
    unaligned = model(x[:1]).flatten(1)
    program.optimizer = torch.optim.SGD(weights, lr=0.05)
    losses = [program.train_step(x, y).item() for _ in range(5)]
    boxes = torch.linspace(0, 1, 5), torch.zeros(5)
    return {
        "frames of the first clip": program.train[0][0],
        "places and digits of 8 clips": y,
        "scores of the first clip": scores[0],
        "gradient of the first kernel": gradients[0].permute(2, 3, 1, 0),
        "gradient of the last bias": gradients[3],
        "loss of 5 SGD steps": np.float32(losses),
        "first kernel after 5 SGD steps": weights[0].detach().permute(2, 3, 1, 0),
        "probabilities of a clip without motion, summed": still[:1].softmax(1).sum(),
        **result,
        "scores, flattened as the convolution leaves them": unaligned,
        "smooth L1 with beta 0.1, Huber with delta 0.1": F.smooth_l1_loss(
            *boxes, beta=0.1
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    model = program.model
    still = model.predict(standing(program.test[0]), verbose=0)
    result = trained(program, still.argmax(axis=1))
    x, y = program.x[:8], program.y[:8]
    model.set_weights(list(given.values()))
    with tf.GradientTape() as tape:
        scores = model(x)
        loss = program.loss_fn(y, scores)
    gradients = tape.gradient(loss, model.trainable_variables)
    model.compile(keras.optimizers.SGD(0.05), program.loss_fn)
    losses = []
    for _ in range(5):
        losses.append(model.train_on_batch(x, y))
        model.reset_metrics()
    return {
        "frames of the first clip": program.train[0][0],
        "places and digits of 8 clips": y,
        "scores of the first clip": scores[0],
        "gradient of the first kernel": gradients[0],
        "gradient of the last bias": gradients[3],
        "loss of 5 SGD steps": np.float32(losses),
        "first kernel after 5 SGD steps": model.get_weights()[0],
        "probabilities of a clip without motion, summed": tf.reduce_sum(
            tf.nn.softmax(still[:1])
        ),
        **result,
        "scores, flattened as the convolution leaves them": scores[:1],
        "smooth L1 with beta 0.1, Huber with delta 0.1": keras.losses.Huber(0.1)(
            np.zeros(5, "float32"), np.linspace(0, 1, 5, dtype="float32")
        ),
    }
