"""Same clips and weights: outputs, loss, gradients, SGD steps; held-out scores."""

import numpy as np

# Gradients are sums over 8 × 24 × 24 places and reach 10: rounding adds up.
RTOL, ATOL = 1e-5, 1e-4

DIFFERENT = {
    "smooth L1 with beta 0.1, Huber with delta 0.1": "Huber is not divided by delta",
    "kernel 3, stride 2: padding=1, padding='same'": "'same' pads only the right and "
    "the bottom there",
}
SHAPES = (4, 4, 2, 16), (4, 4, 16, 32), (3, 3, 32, 32), (3, 3, 32, 32), (1, 1, 32, 8)


def inputs():
    rng = np.random.default_rng(0)
    given = {}
    for n, shape in enumerate(SHAPES):
        scale = np.sqrt(2 / np.prod(shape[:3]))
        given[f"kernel {n}"] = rng.normal(0, scale, shape).astype("float32")
        given[f"bias {n}"] = rng.normal(0, 0.1, shape[3]).astype("float32")
    return given


def scores(program):
    right = (program.kinds == program.test[2]).mean()
    overlap = program.iou(program.boxes, program.test[3]).mean()
    one_frame = program.test[0] * np.float32([1, 0])
    blind = program.iou(program.predict(one_frame)[1], program.test[3]).mean()
    baseline = program.change_iou(program.test, program.share)
    return {
        "held-out accuracy above 0.80": np.array(right > 0.8),
        "held-out mean IoU above 0.60": np.array(overlap > 0.6),
        "the same below 0.40 without the difference": np.array(blind < 0.4),
        "mean IoU of the box of change": np.float64(baseline),
    }


def pytorch(program, given):
    import torch
    from torch.nn import functional as F

    batch = [torch.from_numpy(each[:8]).to(program.device) for each in program.train]
    weights = list(program.model.parameters())
    oihw = (3, 2, 0, 1)
    scored = scores(program)
    with torch.no_grad():
        for weight, value in zip(weights, given.values()):
            value = value.transpose(oihw) if value.ndim == 4 else value
            weight.copy_(torch.tensor(value))

    where, what, boxes = program.detect(batch[0])
    gradients = torch.autograd.grad(program.loss_of(*batch), weights)
    program.optimizer = torch.optim.SGD(weights, lr=0.0005)
    losses = [program.train_step(*batch).item() for _ in range(5)]
    x = batch[0].movedim(3, 1)
    small = torch.tensor(given["kernel 0"][:3, :3].transpose(oihw)).to(x)
    return {
        "first clip": program.train[0][0],
        "boxes of the first 8 clips": batch[3],
        "where": where,
        "what": what,
        "boxes": boxes,
        "gradient of the first kernel": gradients[0].permute(2, 3, 1, 0),
        "gradient of the last bias": gradients[9],
        "loss of 5 SGD steps": np.float32(losses),
        "first kernel after 5 SGD steps": weights[0].detach().permute(2, 3, 1, 0),
        "smooth L1 with beta 0.1, Huber with delta 0.1": F.smooth_l1_loss(
            boxes[:, 0], batch[3], beta=0.1
        ),
        "kernel 3, stride 2: padding=1, padding='same'": F.conv2d(
            x[:1], small[:1], stride=2, padding=1
        ).squeeze(),
    } | scored


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    batch = [each[:8] for each in program.train]
    scored = scores(program)
    program.model.set_weights(list(given.values()))
    weights = program.model.trainable_variables
    where, what, boxes = program.detect(batch[0])
    with tf.GradientTape() as tape:
        loss = program.loss_of(*batch)
    gradients = tape.gradient(loss, weights)
    program.optimizer = keras.optimizers.SGD(0.0005)
    # Trace anew: the traced function still holds the old optimizer.
    train_step = tf.function(program.train_step.python_function)
    losses = [train_step(*batch).numpy() for _ in range(5)]
    small = given["kernel 0"][:3, :3, :, :1]
    return {
        "first clip": program.train[0][0],
        "boxes of the first 8 clips": batch[3],
        "where": where,
        "what": what,
        "boxes": boxes,
        "gradient of the first kernel": gradients[0],
        "gradient of the last bias": gradients[9],
        "loss of 5 SGD steps": np.float32(losses),
        "first kernel after 5 SGD steps": weights[0].numpy(),
        "smooth L1 with beta 0.1, Huber with delta 0.1": program.huber(
            batch[3], boxes[:, 0]
        ),
        "kernel 3, stride 2: padding=1, padding='same'": tf.squeeze(
            tf.nn.conv2d(batch[0][:1], small, strides=2, padding="SAME")
        ),
    } | scored
