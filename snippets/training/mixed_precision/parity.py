"""Steps in bfloat16 and float16 from the same weights, what stays float32, and the scale."""

import numpy as np

# bfloat16 keeps 8 bits: each product is right to about 0.4 %.
RTOL, ATOL = 1e-2, 2e-3

DIFFERENT = {
    "logits of bfloat16 are float32": "PyTorch's loss casts them; in Keras the last "
    "layer has to say so",
    "what is made afterwards computes in bfloat16": "autocast ends with its block; "
    "Keras' global policy holds for every layer from then on",
    "the whole setting brings a scaled loss": "autocast leaves the loss alone; under "
    "the policy mixed_float16 compile puts a LossScaleOptimizer around the optimizer",
}
NAMES = ("w1", "b1", "w2", "b2")


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.1, (64, 128)).astype("float32"),
        "b1": rng.normal(0, 0.1, 128).astype("float32"),
        "w2": rng.normal(0, 0.1, (128, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
        "x": rng.random((5, 64, 64), dtype="float32"),
        "y": rng.integers(0, 10, (5, 64)),
    }


def of_float16(start, after, overflowed, scales):
    """What one step of the shown rate and limit does, and one whose gradients are infinite."""
    way = np.sqrt(sum(((new - old) ** 2).sum() for new, old in zip(after, start)))
    same = all(map(np.array_equal, after, overflowed))
    return {
        "length of a clipped step, the loss scaled": np.float32(way),
        "a clipped step is as long as rate times limit": bool(np.isclose(way, 0.3, 1e-2)),
        "an overflow leaves the weights": same,
        "the scale after an overflow, by that before": scales[1] / scales[0],
    }


def pytorch(program, given):
    import torch

    with torch.inference_mode():
        every = program.model(program.val_images.to(program.device)).cpu()
    in_float16 = (every.argmax(dim=1) == program.val_labels).float().mean().item()
    scale = program.scaler.get_scale()
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    start = {key: torch.from_numpy(given[name].T) for key, name in zip(names, NAMES)}
    x = torch.from_numpy(given["x"]).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)

    def begin():
        program.model, program.optimizer = program.build()
        program.model.load_state_dict(start)

    def weights():
        values = program.model.state_dict().values()
        return [value.cpu().numpy().T.copy() for value in values]

    begin()
    exact = program.loss_fn(program.model(x[0]), y[0]).item()
    losses = [program.bfloat16_step(*batch).item() for batch in zip(x, y)]
    kernel = weights()[0]

    begin()
    program.float16_step(3 * x[0], y[0])
    after, first = weights(), program.scaler.get_scale()
    program.float16_step(1e6 * x[0], y[0])
    scales = first, program.scaler.get_scale()
    ran = of_float16([given[name] for name in NAMES], after, weights(), scales)

    begin()
    gradients = []
    for enabled in (False, True):
        with torch.autocast(program.device, dtype=torch.float16, enabled=enabled):
            loss = program.loss_fn(program.model(x[0]), y[0])
        gradients += torch.autograd.grad(loss, program.model[0].weight)
    ratio = (gradients[1].norm() / gradients[0].norm()).item()
    return {
        "losses of 5 steps in bfloat16": np.float32(losses),
        "kernel after 5 steps in bfloat16": kernel,
        "bfloat16 gives float32's loss within 0.01": abs(losses[0] - exact) < 0.01,
        "weights are float32": program.model[0].weight.dtype == torch.float32,
        "the loss is float32": program.loss.dtype == torch.float32,
        "logits of bfloat16 are float32": program.logits.dtype == torch.float32,
        "accuracy in bfloat16 above 0.8": program.accuracy.item() > 0.8,
        "accuracy in float16 above 0.8": in_float16 > 0.8,
        "scale when the program ends": scale,
        "steps without overflow until the scale doubles": (
            program.scaler.get_growth_interval()
        ),
        **ran,
        "what is made afterwards computes in bfloat16": program.model(x[0]).dtype
        == torch.bfloat16,
        "float16 in the layers alone brings a scaled loss": ratio > 2,
        "the whole setting brings a scaled loss": ratio > 2,
    }


def tensorflow(program, given):
    import keras

    predicted = program.model.predict(program.val_images, verbose=0).argmax(axis=1)
    in_float16 = (predicted == program.val_labels).mean()
    scale = float(program.scaled.dynamic_scale)
    start = [given[name] for name in NAMES]
    x, y = given["x"], given["y"]
    scaled = keras.optimizers.LossScaleOptimizer

    def begin(policy, optimizer):
        """A model as the program builds it, with an optimizer of its settings."""
        optimizer = type(optimizer).from_config(optimizer.get_config())
        model = program.build(policy, optimizer)
        model.set_weights(start)
        return model

    sgd = program.optimizer
    exact = begin("float32", sgd).evaluate(x[0], y[0], verbose=0)
    model = begin(program.hidden.dtype_policy.name, sgd)
    losses = [model.train_on_batch(*batch) for batch in zip(x, y)]
    kernel = model.get_weights()[0]

    half = program.model.layers[0].dtype_policy.name
    model = begin(half, program.scaled)
    model.train_on_batch(3 * x[0], y[0])
    after, first = model.get_weights(), float(model.optimizer.dynamic_scale)
    model.train_on_batch(1e6 * x[0], y[0])
    scales = first, float(model.optimizer.dynamic_scale)
    ran = of_float16(start, after, model.get_weights(), scales)

    alone = isinstance(begin(half, sgd).optimizer, scaled)
    keras.config.set_dtype_policy("mixed_float16")
    whole = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    whole.compile("sgd", "mse")
    keras.config.set_dtype_policy("mixed_bfloat16")
    later = keras.layers.Dense(1).compute_dtype
    keras.config.set_dtype_policy("float32")
    return {
        "losses of 5 steps in bfloat16": np.float32(losses),
        "kernel after 5 steps in bfloat16": kernel,
        "bfloat16 gives float32's loss within 0.01": bool(abs(losses[0] - exact) < 0.01),
        "weights are float32": program.hidden.kernel.dtype == "float32",
        "the loss is float32": program.loss.dtype == "float32",
        "logits of bfloat16 are float32": program.logits.dtype == "float32",
        "accuracy in bfloat16 above 0.8": bool(program.accuracy > 0.8),
        "accuracy in float16 above 0.8": bool(in_float16 > 0.8),
        "scale when the program ends": scale,
        "steps without overflow until the scale doubles": (
            program.scaled.dynamic_growth_steps
        ),
        **ran,
        "what is made afterwards computes in bfloat16": later == "bfloat16",
        "float16 in the layers alone brings a scaled loss": alone,
        "the whole setting brings a scaled loss": isinstance(whole.optimizer, scaled),
    }
