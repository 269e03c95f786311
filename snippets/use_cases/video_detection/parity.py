"""Same clips and weights: scores, gradients, steps of the shown optimizer, boxes; held-out scores."""

import numpy as np

# A gradient of the first kernel sums 8 clips x 706 windows, and Adam makes whole steps of small
# gradients, and so of their rounding. Each side adds epsilon to another number: the steps are
# those of the shown optimizers, with next to none.
EPSILON = 1e-12
RTOL, ATOL = 1e-3, 1e-4

OVER_SEEDS = {"accuracy": {"within": 0.06, "above": "baseline"}}
VARIES = {
    "Train": "rounding differs, and training amplifies it",
    "Evaluate": "rounding differs, and training amplifies it",
    "Look at four clips": "rounding differs, and training amplifies it",
}
DIFFERENT = {
    "scores, flattened as the convolution leaves them": "digit, row, column in "
    "PyTorch; row, column, digit in Keras: the same number names another place",
    "smooth L1 with beta 0.1, Huber with delta 0.1": "Huber is not divided by delta",
}
SHAPES = {"window": (8, 8, 3, 48), "kinds": (1, 1, 48, 10)}


def inputs():
    rng = np.random.default_rng(0)
    given = {
        name: rng.normal(0, 0.1, shape).astype("float32")
        for name, shape in SHAPES.items()
    }
    for name, shape in SHAPES.items():
        given[f"{name} bias"] = rng.normal(0, 0.1, shape[3]).astype("float32")
    return given


def standing(clips):
    """The clips with the last frame three times: nothing moves."""
    return np.ascontiguousarray(clips[:, [2, 2, 2]])


def trained(program, still, batches):
    """What training came to; a claim that is false fails the proof."""
    accuracy, baseline, where = program.accuracy, program.baseline, program.where
    _, blind = program.score(*np.divmod(still.argmax(axis=1), 10))
    again = program.score(*np.divmod(program.logits.argmax(axis=1), 10))
    clips = np.concatenate([clips for clips, _ in batches])
    targets = np.concatenate([targets for _, targets in batches])
    nearest = program.anchors[program.nearest_anchors(program.test_boxes)]
    claims = {
        "held-out accuracy more than 0.2 above the baseline": accuracy > baseline + 0.2,
        "held-out box right in more than 0.65": where > 0.65,
        "accuracy lower by more than 0.2, same frame three times": blind
        < accuracy - 0.2,
        "each box has an anchor with IoU above 0.6": program.iou(
            nearest, program.test_boxes
        ).min()
        > 0.6,
        "the accuracy is that of the held-out clips": again == (where, accuracy),
    }
    assert all(claims.values()), (claims, accuracy, baseline, where, blind)
    return {name: np.array(holds) for name, holds in claims.items()} | {
        "baseline's accuracy": np.float64(baseline),
        "batches: clips of each digit": np.bincount(targets % 10),
        "batches: sum of the pixels": clips.sum(dtype="float64"),
    }


def pytorch(program, given):
    import torch
    from torch.nn import functional as F

    model, device = program.model, program.device
    still = torch.from_numpy(standing(program.test_clips)).to(device)
    with torch.inference_mode():
        still = model(still).cpu()
    batches = [(clips.numpy(), kinds.numpy()) for clips, kinds in program.train_loader]
    result = trained(program, still.numpy(), batches)
    with torch.no_grad():
        for name in SHAPES:
            layer = getattr(model, name)
            kernel = np.ascontiguousarray(given[name].transpose(3, 2, 0, 1))
            layer.weight.copy_(torch.from_numpy(kernel))
            layer.bias.copy_(torch.from_numpy(given[f"{name} bias"]))
    clips, targets = program.train_set[:8]
    clips, targets = clips.to(device), targets.to(device)
    scores = model(clips)
    loss = program.loss_fn(scores, targets)
    asked = model.window.weight, model.kinds.bias
    gradients = torch.autograd.grad(loss, asked)
    unaligned = model.kinds(F.relu(model.window(clips[:1]))).flatten(1)
    optimizer = program.optimizer
    optimizer.state.clear()
    optimizer.param_groups[0]["eps"] = EPSILON
    losses = [program.train_step(model, optimizer, clips, targets) for _ in range(5)]
    boxes = torch.linspace(0, 1, 5), torch.zeros(5)
    return {
        "frames of the first clip": program.train_clips[0],
        "boxes of 8 clips": program.train_boxes[:8],
        "anchors and digits of 8 clips": targets,
        "scores of the first clip": scores[0],
        "gradient of the first kernel": gradients[0].permute(2, 3, 1, 0),
        "gradient of the last bias": gradients[1],
        "loss of 5 steps": np.float32(losses),
        "learning rate": np.float64(optimizer.param_groups[0]["lr"]),
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

    model, optimizer = program.model, program.optimizer
    still = model.predict(standing(program.test_clips), verbose=0)
    result = trained(program, still, list(program.train_ds.as_numpy_iterator()))
    for name in SHAPES:
        getattr(model, name).set_weights([given[name], given[f"{name} bias"]])
    clips, targets = program.train_clips[:8], program.targets[:8]
    with tf.GradientTape() as tape:
        scores = model(clips, training=True)
        loss = program.loss_fn(targets, scores)
    asked = [model.window.kernel.value, model.kinds.bias.value]
    gradients = tape.gradient(loss, asked)
    unaligned = model.kinds(model.window(model.last(clips[:1])))
    for variable in optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(tf.zeros_like(variable.value))
    optimizer.epsilon = EPSILON
    model.compile(optimizer, program.loss_fn)
    losses = []
    for _ in range(5):
        losses.append(model.train_on_batch(clips, targets))
        model.reset_metrics()
    return {
        "frames of the first clip": program.train_clips[0],
        "boxes of 8 clips": program.train_boxes[:8],
        "anchors and digits of 8 clips": targets,
        "scores of the first clip": scores[0],
        "gradient of the first kernel": gradients[0],
        "gradient of the last bias": gradients[1],
        "loss of 5 steps": np.float32(losses),
        "learning rate": np.float64(optimizer.get_config()["learning_rate"]),
        "probabilities of a clip without motion, summed": tf.reduce_sum(
            tf.nn.softmax(still[:1])
        ),
        **result,
        "scores, flattened as the convolution leaves them": tf.reshape(
            unaligned, (1, -1)
        ),
        "smooth L1 with beta 0.1, Huber with delta 0.1": keras.losses.Huber(0.1)(
            np.zeros(5, "float32"), np.linspace(0, 1, 5, dtype="float32")
        ),
    }
