"""Same flowers, scales and shifts: outputs, gradients, running statistics, and what moves them."""

import numpy as np

# Group norm makes 1 and -1 of two numbers: they cancel almost wholly in the
# gradient of the input, and rounding is what is left.
RTOL, ATOL = 1e-5, 1e-4

DIFFERENT = {
    "running variance after 5 batches": "PyTorch averages unbiased variances, which "
    "divide by N - 1; Keras biased ones",
    "running mean after one batch, by default": "a tenth of the batch in PyTorch, a "
    "hundredth in Keras",
    "output of features that hardly vary, by default": "PyTorch adds 1e-5 to the "
    "variance, Keras 1e-3",
    "layer norm of a small row, by default": "PyTorch adds 1e-5 to the variance, Keras "
    "1e-3",
    "momentum of 0.9 weighs the old mean": "in PyTorch it weighs the new batch",
    "statistics of a layer without trained weights follow the batches": "PyTorch's mode "
    "is another switch; in Keras a frozen layer is in evaluation",
    "a new layer, called, uses the batch": "PyTorch starts in training mode; Keras wants "
    "training=True",
    "a batch of one row trains": "PyTorch raises; Keras gives zeros",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "x": rng.normal(3, 2, (5, 20, 4)).astype("float32"),
        "scale": rng.normal(1, 0.3, 4).astype("float32"),
        "shift": rng.normal(0, 0.3, 4).astype("float32"),
        "direction": rng.normal(size=(20, 4)).astype("float32"),
        "picture": rng.normal(3, 2, (6, 5, 5, 4)).astype("float32"),
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


def unbiased(variance, batches, rows):
    """A running variance of biased ones, by the one of unbiased ones that began at 1."""
    start = 0.9**batches
    return start + (variance - start) * (rows - 1) / rows


def pytorch(program, given):
    import torch
    from torch import nn

    tensors = {name: torch.from_numpy(each) for name, each in given.items()}
    batches, direction = tensors["x"], tensors["direction"]

    def start(layer):
        state = {"weight": tensors["scale"], "bias": tensors["shift"]}
        own = dict(layer.named_parameters())
        with torch.no_grad():
            for name, weight in own.items():
                weight.copy_(state[name]).requires_grad_()
        return own

    def derived(layer, x):
        weights = start(layer)
        x = x.clone().requires_grad_()
        y = layer(x)
        loss = (y * direction).sum()
        return y, *torch.autograd.grad(loss, [x, *weights.values()])

    found = {}
    names = ("output", "gradient of the input", "of the scale", "of the shift")
    norm = program.norm.train()
    norm.reset_running_stats()
    layers = {
        "batch": norm,
        "layer": program.layer_norm,
        "group": program.group_norm,
        "RMS": program.rms_norm,
    }
    for kind, layer in layers.items():
        derivatives = derived(layer, batches[0])
        found |= {f"{kind} norm, {name}": d for name, d in zip(names, derivatives)}
    for batch in batches[1:]:
        norm(batch)
    variance, mean = norm.running_var.clone(), norm.running_mean.clone()
    norm.running_var.copy_(unbiased(variance, 5, 20))
    after = norm.eval()(batches[0])
    alone = norm(batches[0][:1])
    one = norm.train()(batches[0])[0]
    other = norm(torch.cat([batches[0][:1], batches[1][1:]]))[0]

    norm.running_mean.copy_(mean)
    norm.requires_grad_(False)
    norm.eval()(batches[2])
    quiet = torch.equal(mean, norm.running_mean)
    norm.train()(batches[2])
    follows = not torch.equal(mean, norm.running_mean)

    new = nn.BatchNorm1d(4)
    called = new(batches[0])
    picture = tensors["picture"].permute(0, 3, 1, 2)
    on_pictures = {"batch": nn.BatchNorm2d(4), "group": program.group_norm}
    for kind, layer in on_pictures.items():
        start(layer)
        found[f"{kind} norm of pictures"] = layer(picture).permute(0, 2, 3, 1)
    fast = nn.BatchNorm1d(4, momentum=0.9)
    fast(batches[0])
    tiny = batches[0] / 100
    return {
        **found,
        "first batch of the run": program.by_hand,
        "running mean after 5 batches": mean,
        "running variance after 5 batches": variance,
        "running variance after 5 batches, made biased": unbiased(variance, 5, 20),
        "output in evaluation, same statistics": after,
        "one row in evaluation is as in its batch": torch.allclose(alone[0], after[0]),
        "other rows change a row in training": not torch.allclose(one, other, atol=1e-2),
        "means of the run, a hundredth of each batch": np.float32(program.path),
        "frozen as the program does, statistics stay": quiet,
        "running mean after one batch, by default": new.running_mean,
        "output of features that hardly vary, by default": nn.BatchNorm1d(4)(tiny),
        "layer norm of a small row, by default": nn.LayerNorm(4)(tiny),
        "momentum of 0.9 weighs the old mean": torch.allclose(
            fast.running_mean, 0.1 * batches[0].mean(dim=0)
        ),
        "statistics of a layer without trained weights follow the batches": follows,
        "a new layer, called, uses the batch": bool(called.mean().abs() < 1e-3),
        "a batch of one row trains": works(
            lambda: norm(batches[0][:1]), ValueError, "more than 1 value per channel"
        ),
    }


def tensorflow(program, given):
    import tensorflow as tf
    from keras import layers

    batches, direction = given["x"], given["direction"]

    def start(layer):
        if not layer.built:
            layer.build((None, 4))
        weights = layer.trainable_weights  # RMSNormalization has no shift
        for weight, name in zip(weights, ("scale", "shift")):
            weight.assign(given[name])
        return [each.value for each in weights]

    def derived(layer, x, **mode):
        weights = start(layer)
        x = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, **mode)
            loss = tf.reduce_sum(y * direction)
        return y, *tape.gradient(loss, [x, *weights])

    found = {}
    names = ("output", "gradient of the input", "of the scale", "of the shift")
    norm = program.norm
    norm.moving_mean.assign(tf.zeros(4))
    norm.moving_variance.assign(tf.ones(4))
    kinds = {
        "batch": norm,
        "layer": program.layer_norm,
        "group": program.group_norm,
        "RMS": program.rms_norm,
    }
    for kind, layer in kinds.items():
        mode = {"training": True} if kind == "batch" else {}
        derivatives = derived(layer, batches[0], **mode)
        found |= {f"{kind} norm, {name}": d for name, d in zip(names, derivatives)}
    for batch in batches[1:]:
        norm(batch, training=True)
    variance, mean = norm.moving_variance.numpy(), norm.moving_mean.numpy()
    after, alone = norm(batches[0]), norm(batches[0][:1])
    one = norm(batches[0], training=True)[0]
    mixed = np.concatenate([batches[0][:1], batches[1][1:]])
    other = norm(mixed, training=True)[0]

    norm.moving_mean.assign(mean)
    norm.trainable = False
    norm(batches[2], training=True)
    quiet = np.array_equal(mean, norm.moving_mean)
    norm.trainable = True

    new = layers.BatchNormalization()
    called = new(batches[0])
    new(batches[0], training=True)
    modes = {"batch": {"training": True}, "group": {}}
    group = program.group_norm
    on_pictures = {
        "batch": layers.BatchNormalization(epsilon=norm.epsilon),
        "group": layers.GroupNormalization(group.groups, epsilon=group.epsilon),
    }
    for kind, layer in on_pictures.items():
        layer.build((None, 5, 5, 4))
        start(layer)
        found[f"{kind} norm of pictures"] = layer(given["picture"], **modes[kind])
    fast = layers.BatchNormalization(momentum=0.9)
    fast(batches[0], training=True)
    tiny = batches[0] / 100
    return {
        **found,
        "first batch of the run": program.by_hand,
        "running mean after 5 batches": mean,
        "running variance after 5 batches": variance,
        "running variance after 5 batches, made biased": variance,
        "output in evaluation, same statistics": after,
        "one row in evaluation is as in its batch": np.allclose(alone[0], after[0]),
        "other rows change a row in training": not np.allclose(one, other, atol=1e-2),
        "means of the run, a hundredth of each batch": np.float32(program.path),
        "frozen as the program does, statistics stay": quiet,
        "running mean after one batch, by default": new.moving_mean,
        "output of features that hardly vary, by default": layers.BatchNormalization()(
            tiny, training=True
        ),
        "layer norm of a small row, by default": layers.LayerNormalization()(tiny),
        "momentum of 0.9 weighs the old mean": np.allclose(
            fast.moving_mean, 0.1 * batches[0].mean(axis=0)
        ),
        "statistics of a layer without trained weights follow the batches": not quiet,
        "a new layer, called, uses the batch": bool(np.abs(np.mean(called)) < 1e-3),
        "a batch of one row trains": works(
            lambda: norm(batches[0][:1], training=True), ValueError, "more than 1"
        ),
    }
