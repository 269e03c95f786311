"""Same weights: logits, gradients, 6 steps of the shown optimizer; what augmentation does to a patch."""

import numpy as np

# The steps are those of the shown optimizers, with next to no epsilon, which each side adds to
# another number. Adam makes whole steps of small gradients, and so of their rounding.
EPSILON = 1e-12
RTOL, ATOL = 1e-3, 1e-4

OVER_SEEDS = {"accuracy": {"within": 0.05, "above": "baseline"}}
VARIES = {
    "Train": "rounding differs, and training amplifies it",
    "Test once": "rounding differs, and training amplifies it",
    "Look at some": "rounding differs, and training amplifies it",
}
DIFFERENT = {
    "model(x) augments": "Keras' random layers are in the model, and work unless "
    "training=False; in PyTorch, the loop augments",
    "row that comes in above the first, when it is shifted down by one": "F.pad's reflect leaves the border "
    "out; that of RandomTranslation repeats it",
}
NAMES = ("k1", "b1", "k2", "b2", "k3", "b3", "kernel", "bias")
DRAWS = 1000


def inputs():
    rng = np.random.default_rng(0)

    def normal(scale, *shape):
        return rng.normal(0, scale, shape).astype("float32")

    return {
        "k1": normal(0.3, 3, 3, 1, 8),
        "b1": normal(0.1, 8),
        "k2": normal(0.1, 3, 3, 8, 16),
        "b2": normal(0.1, 16),
        "k3": normal(0.1, 3, 3, 16, 32),
        "b3": normal(0.1, 32),
        "kernel": normal(0.2, 32, 3),
        "bias": normal(0.1, 3),
        # A patch in which each pixel tells its place.
        "places": np.arange(576, dtype="float32").reshape(24, 24),
    }


def scores(program, batches):
    """What the training came to; a claim that is false fails the proof."""
    images = np.concatenate([images for images, _ in batches])
    labels = np.concatenate([labels for _, labels in batches])
    predicted = program.predict(program.test_images)
    rest = {image.tobytes() for image in program.test_images}
    claims = {
        "accuracy above 0.88": program.accuracy > 0.88,
        "at least 0.1 above the baseline": program.accuracy > program.baseline + 0.1,
        "the accuracy is that of the test patches": program.accuracy
        == (predicted == program.test_labels).mean(),
        "no test patch is in a batch": not any(
            image.squeeze().tobytes() in rest for image in images
        ),
    }
    assert all(claims.values()), claims
    return {name: np.array(holds) for name, holds in claims.items()} | {
        "baseline accuracy": np.float64(program.baseline),
        "batches: patches of each ground": np.bincount(labels),
        "batches: sum of cubes": (images.astype("float64") ** 3).sum(),
    }


def augmented(draws):
    """What many draws did to the patch in which each pixel tells its place: (draws, 24, 24)."""
    middle = draws[:, 12, 12].astype(int)
    right, below = draws[:, 12, 13].astype(int), draws[:, 13, 12].astype(int)
    flipped = right < middle
    down = middle // 24 - 12
    across = np.where(flipped, 23 - middle % 24, middle % 24) - 12
    above = draws[down == -1][0, 0, 12] // 24
    return {
        "shifts down, least and largest": np.array([down.min(), down.max()]),
        "shifts across, least and largest": np.array([across.min(), across.max()]),
        "some are flipped, and some are not": np.array([flipped.any(), (~flipped).any()]),
        "some are upside down": np.array((below < middle).any()),
        "gray values that the patch did not have": np.array(
            (draws % 1).any() or draws.min() < 0 or draws.max() > 575
        ),
        "row that comes in above the first, when it is shifted down by one": above,
    }


def pytorch(program, given):
    import torch
    from torch.nn import functional as F

    model, device = program.model, program.device
    batches = [
        (images.numpy(), labels.numpy()) for images, labels in program.train_loader
    ]
    found = scores(program, batches)
    weights = dict(zip(NAMES, model.parameters()))
    order = np.random.default_rng(1).permutation(126)
    images = torch.from_numpy(program.train_images[order]).unsqueeze(1).to(device)
    labels = torch.from_numpy(program.train_labels[order]).to(device)

    def as_keras(tensor):
        array = tensor.detach().cpu().numpy()
        return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T.copy()

    with torch.no_grad():
        for name, weight in weights.items():
            value = given[name]
            value = value.transpose(3, 2, 0, 1) if value.ndim == 4 else value.T
            weight.copy_(torch.from_numpy(np.ascontiguousarray(value)))
    predicted = program.predict(program.val_images)
    logits = model(images)
    loss = program.loss_fn(logits, labels)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    augments = not torch.equal(model(images), logits)
    places = torch.from_numpy(given["places"]).to(device)
    draws = program.augment(places.expand(DRAWS, 1, 24, 24))
    shift = torch.tensor([[[1, 0, 0.03], [0, 1, 0]]])
    grid = F.affine_grid(shift, (1, 1, 24, 24), align_corners=False)
    blurred = F.grid_sample(places.cpu()[None, None], grid, align_corners=False)

    optimizer = program.optimizer
    optimizer.state.clear()
    optimizer.param_groups[0]["eps"] = EPSILON
    losses = []
    for batch in list(torch.arange(126, device=device).split(42)) * 2:
        losses.append(
            program.train_step(model, optimizer, images[batch], labels[batch])
        )
    return {
        "patches": program.test_images[:4],
        "logits": logits,
        "predicted classes": predicted,
        "gradient of the first kernel": as_keras(gradients[0]),
        "gradient of the last kernel": as_keras(gradients[6]),
        "loss of 6 steps": np.float32(losses),
        "learning rate": np.float64(optimizer.param_groups[0]["lr"]),
        "model(x) augments": np.array(augments),
        "the default interpolation makes new gray values": np.array(
            (blurred % 1).any().item()
        ),
        **augmented(draws.squeeze(1).cpu().numpy()),
        **found,
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    model = program.model
    found = scores(program, list(program.train_ds.as_numpy_iterator()))
    order = np.random.default_rng(1).permutation(126)
    images, labels = program.train_images[order][..., None], program.train_labels[order]
    for value, weight in zip(NAMES, model.trainable_variables):
        weight.assign(given[value])
    predicted = program.predict(program.val_images)
    with tf.GradientTape() as tape:
        logits = model(images, training=False)
        loss = program.loss_fn(labels, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    augments = not np.array_equal(model(images), logits)
    places = given["places"][None, ..., None]
    draws = program.augment(np.repeat(places, DRAWS, axis=0), training=True)
    shift = keras.layers.RandomTranslation(0.0, (0.015, 0.015))
    blurred = shift(places, training=True).numpy()

    # The draws differ between the frameworks: training without them.
    plain = keras.Sequential(
        [keras.Input((24, 24, 1))]
        + [layer for layer in model.layers if layer is not program.augment]
    )
    optimizer = program.optimizer
    for variable in optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(tf.zeros_like(variable.value))
    optimizer.epsilon = EPSILON
    plain.compile(optimizer, program.loss_fn)
    losses = []
    for batch in list(np.split(np.arange(126), 3)) * 2:
        losses.append(plain.train_on_batch(images[batch], labels[batch]))
        plain.reset_metrics()
    return {
        "patches": program.test_images[:4],
        "logits": logits,
        "predicted classes": predicted,
        "gradient of the first kernel": gradients[0],
        "gradient of the last kernel": gradients[6],
        "loss of 6 steps": np.float32(losses),
        "learning rate": np.float64(optimizer.get_config()["learning_rate"]),
        "model(x) augments": np.array(augments),
        "the default interpolation makes new gray values": np.array(
            (blurred % 1).any().item()
        ),
        **augmented(np.asarray(draws)[..., 0]),
        **found,
    }
