"""Same weights: logits, gradients, 6 steps, and what augmentation leaves alone."""

import numpy as np

OVER_SEEDS = {"accuracy": {"within": 0.05, "above": "baseline"}}
VARIES = {
    "Test once": "rounding differs, and training amplifies it",
    "Look at some": "rounding differs, and training amplifies it",
}
DIFFERENT = {
    "model(x) augments": "Keras' random layers are in the model, and work unless "
    "training=False; in PyTorch, the loop augments",
}
NAMES = ("k1", "b1", "k2", "b2", "k3", "b3", "kernel", "bias")


def inputs():
    rng = np.random.default_rng(0)

    def normal(scale, *shape):
        return rng.normal(0, scale, shape).astype("float32")

    return {
        "k1": normal(0.3, 3, 3, 1, 16),
        "b1": normal(0.1, 16),
        "k2": normal(0.1, 3, 3, 16, 32),
        "b2": normal(0.1, 32),
        "k3": normal(0.1, 3, 3, 32, 32),
        "b3": normal(0.1, 32),
        "kernel": normal(0.2, 32, 3),
        "bias": normal(0.1, 3),
    }


def scores(program):
    return {
        "baseline accuracy": np.float64(program.baseline),
        "accuracy above 0.88": np.array(program.accuracy > 0.88),
        "at least 0.1 above the baseline": np.array(
            program.accuracy > program.baseline + 0.1
        ),
    }


def warps(augment, x):
    """Whether 50 draws for one patch hold grey values that it does not have."""
    seen = np.stack([np.asarray(augment(x)) for _ in range(50)])
    return {"augmentation makes new grey values": ~np.isin(seen, x).all()}


def pytorch(program, given):
    import torch
    from torch.nn import functional as F

    found = scores(program)
    model = program.model
    weights = dict(zip(NAMES, model.parameters()))
    order = np.random.default_rng(1).permutation(126)
    x, y = program.x[order], program.y[order]

    def as_keras(tensor):
        array = tensor.detach().cpu().numpy()
        return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T.copy()

    with torch.no_grad():
        for name, weight in weights.items():
            value = given[name]
            value = value.transpose(3, 2, 0, 1) if value.ndim == 4 else value.T
            weight.copy_(torch.from_numpy(np.ascontiguousarray(value)))
    predicted = program.predict(program.val)
    logits = model(x)
    gradients = torch.autograd.grad(F.cross_entropy(logits, y), list(weights.values()))
    augments = not torch.equal(model(x), logits)
    warped = warps(lambda x: program.augment(x).cpu(), program.x[:1].cpu())

    program.optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for batch in list(torch.arange(126, device=x.device).split(42)) * 2:
        program.train_step(x[batch], y[batch])
    return {
        "patches": program.test[:4],
        "logits": logits,
        "predicted classes": predicted,
        "gradient of the first kernel": as_keras(gradients[0]),
        "gradient of the last kernel": as_keras(gradients[6]),
        "first kernel after 6 steps": as_keras(weights["k1"]),
        "last kernel after 6 steps": as_keras(weights["kernel"]),
        "model(x) augments": np.array(augments),
        **warped,
        **found,
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    found = scores(program)
    model = program.model
    order = np.random.default_rng(1).permutation(126)
    x, y = program.x[order], program.y[order]
    model.set_weights([given[name] for name in NAMES])
    predicted = program.predict(program.val)
    with tf.GradientTape() as tape:
        logits = model(x, training=False)
        loss = program.loss_fn(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    augments = not np.array_equal(model(x), logits)
    warped = warps(lambda x: program.augment(x, training=True), program.x[:1])

    # The draws differ between the frameworks: training without them.
    plain = keras.Sequential(
        [keras.Input((24, 24, 1))]
        + [layer for layer in model.layers if layer is not program.augment]
    )
    sgd = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    plain.compile(sgd, program.loss_fn)
    plain.fit(x, y, batch_size=42, epochs=2, shuffle=False, verbose=0)
    return {
        "patches": program.test[:4],
        "logits": logits,
        "predicted classes": predicted,
        "gradient of the first kernel": gradients[0],
        "gradient of the last kernel": gradients[6],
        "first kernel after 6 steps": model.get_weights()[0],
        "last kernel after 6 steps": model.get_weights()[6],
        "model(x) augments": np.array(augments),
        **warped,
        **found,
    }
