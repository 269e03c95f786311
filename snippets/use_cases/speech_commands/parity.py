"""The run's waves; same weights: spectrograms, logits, gradients, five Adam steps."""

import numpy as np

# Two FFTs round differently, by up to 1e-6 of the largest bin; the logarithm of a
# quiet bin multiplies that by ten.
RTOL, ATOL = 2e-6, 2e-5

OVER_SEEDS = {"accuracy": {"within": 0.08, "above": "baseline"}}
DIFFERENT = {
    "frames of 4000 samples, as by default": "torch.stft pads 128 samples on both ends "
    "(center=True): 32 frames; tf.signal.stft: 30",
    "spectrum, no window given": "torch.stft then uses a rectangular window and warns, "
    "tf.signal.stft a Hann window",
    "spectrum, window of 200 in a transform of 256": "torch.stft centers the window in "
    "256 samples, tf.signal.stft takes 200 and pads zeros after them",
    "logits, rows of the head not reordered": "nn.Flatten puts channels first, Keras "
    "frequencies first, so the rows of the head differ in order",
}
NAMES = "kernel 1", "bias 1", "kernel 2", "bias 2", "head", "head bias"


def inputs():
    rng = np.random.default_rng(0)
    shapes = (5, 5, 1, 8), (8,), (3, 3, 8, 16), (16,), (384, 4), (4,)
    given = {name: rng.normal(0, 0.1, shape) for name, shape in zip(NAMES, shapes)}
    given |= {"waves": rng.normal(size=(1, 4000)), "x": rng.normal(size=(8, 30, 96))}
    given = {name: value.astype("float32") for name, value in given.items()}
    return given | {"y": np.arange(8) % 4}


def scores(program, noise):
    """Accuracy of the program's run: of the network and of the better regression."""
    waves, labels = program.record(300, (noise, noise), seed=2)
    x = program.features(waves)
    return (program.predict(x) == labels).mean(), max(program.baselines(x, labels))


def of_the_run(program, loss, steps):
    """What the program's run was about; `loss` takes features and labels."""
    network, regression = scores(program, 0.5)
    beyond, _ = scores(program, 0.8)
    unseen = program.record(800, (0.1, 0.5), seed=4)
    loss_unseen = loss(program.features(unseen[0]), unseen[1])
    mean_features = np.asarray(program.train_x).reshape(800, 30, 96).mean(axis=0)
    return {
        "mean of the features of the training part": mean_features,
        "labels of the training part": program.train_labels,
        "steps of the run": steps,
        "labels of the validation part": program.val_labels,
        "trained on the training part: a lower loss there": loss(
            program.train_x, program.train_labels
        )
        < loss_unseen,
        "accuracy at noise 0.5 above 0.80": network > 0.8,
        "accuracy at noise 0.5 above that of the regressions": network > regression,
        "accuracy at noise 0.8 lower by more than 0.1": beyond < network - 0.1,
    }


def pytorch(program, given):
    import warnings

    import torch

    def loss_of(x, labels):
        with torch.inference_mode():
            logits = model(x.to(program.device))
        return program.loss_fn(logits.cpu(), torch.from_numpy(labels)).item()

    model, waves = program.model, torch.from_numpy(given["waves"])
    first_weight = program.optimizer.param_groups[0]["params"][0]
    steps = int(program.optimizer.state[first_weight]["step"])
    ran = of_the_run(program, loss_of, steps)  # before its weights are overwritten
    y = torch.from_numpy(given["y"]).to(program.device)
    x = torch.from_numpy(given["x"])[:, None].to(program.device)
    layers = model[0], model[3], model[8]
    weights = dict(zip(NAMES, (w for each in layers for w in (each.weight, each.bias))))

    def by_channel(head):
        """Rows in the order of nn.Flatten: channel, then frequency."""
        return head.reshape(24, 16, 4).transpose(1, 0, 2).reshape(384, 4)

    def reset(reorder=by_channel):
        with torch.no_grad():
            for name, weight in weights.items():
                value = reorder(given[name]) if name == "head" else given[name]
                order = (3, 2, 0, 1) if value.ndim == 4 else None  # HWIO to OIHW
                weight.copy_(torch.from_numpy(value.transpose(order).copy()))

    def magnitudes(waves, *sizes, **options):
        return torch.stft(waves, *sizes, return_complex=True, **options).abs().mT

    hann = torch.hann_window(256)
    aligned = torch.stft(
        waves, 256, 128, window=hann, center=False, return_complex=True
    ).mT
    centered = magnitudes(waves, 256, 128, window=hann)
    short = magnitudes(
        waves, 256, 128, 200, window=torch.hann_window(200), center=False
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "A window was not provided")  # and goes on
        rectangular = magnitudes(waves, 256, 128, center=False)[:, :8]
    reset(reorder=np.asarray)
    with torch.no_grad():
        scrambled = model(x)
    reset()
    logits = model(x)
    loss = program.loss_fn(logits, y)
    gradients = dict(zip(NAMES, torch.autograd.grad(loss, list(weights.values()))))
    program.optimizer.state.clear()  # of the program's own: its settings stay
    program.optimizer.param_groups[0]["eps"] = 1e-14  # else Adam's differ
    for _ in range(5):
        program.train_step(x, y)
    return {
        **ran,
        "Hann window": hann,
        "STFT, real part": aligned.real,
        "STFT, imaginary part": aligned.imag,
        "spectrogram": program.spectrogram(given["waves"]),
        "centered STFT and STFT of waves padded by reflection": centered,
        "logits": logits,
        "loss": loss,
        "gradient of the first kernel": gradients["kernel 1"].permute(2, 3, 1, 0),
        "gradient of the second kernel": gradients["kernel 2"].permute(2, 3, 1, 0),
        "first kernel after 5 steps": weights["kernel 1"].permute(2, 3, 1, 0),
        "second bias after 5 steps": weights["bias 2"],
        "frames of 4000 samples, as by default": np.array(centered.shape[1]),
        "spectrum, no window given": rectangular,
        "spectrum, window of 200 in a transform of 256": short[:, :8],
        "logits, rows of the head not reordered": scrambled,
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    model, waves = program.model, given["waves"]
    ran = of_the_run(  # before its weights are overwritten
        program,
        lambda x, labels: model.evaluate(x, labels, verbose=0),
        int(model.optimizer.iterations.numpy()),
    )
    x, y = given["x"][..., None], given["y"]
    first, second, head = model.layers[0], model.layers[2], model.layers[6]
    for layer, names in zip((first, second, head), (NAMES[:2], NAMES[2:4], NAMES[4:])):
        layer.set_weights([given[name] for name in names])
    aligned = tf.signal.stft(waves, 256, 128)
    padded = np.pad(waves, ((0, 0), (128, 128)), mode="reflect")
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = program.loss_fn(y, logits)
    gradients = tape.gradient(loss, [first.kernel.value, second.kernel.value])
    for variable in model.optimizer.variables:  # of the program's own
        if variable.name != "learning_rate":
            variable.assign(keras.ops.zeros_like(variable))
    model.optimizer.epsilon = 1e-14  # else Adam's differ
    model.compile(model.optimizer, model.loss)
    model.fit(x, y, batch_size=8, epochs=5, shuffle=False, verbose=0)
    return {
        **ran,
        "Hann window": tf.signal.hann_window(256),
        "STFT, real part": tf.math.real(aligned),
        "STFT, imaginary part": tf.math.imag(aligned),
        "spectrogram": program.spectrogram(waves),
        "centered STFT and STFT of waves padded by reflection": tf.abs(
            tf.signal.stft(padded, 256, 128)
        ),
        "logits": logits,
        "loss": loss,
        "gradient of the first kernel": gradients[0],
        "gradient of the second kernel": gradients[1],
        "first kernel after 5 steps": first.kernel,
        "second bias after 5 steps": second.bias,
        "frames of 4000 samples, as by default": np.array(aligned.shape[1]),
        "spectrum, no window given": tf.abs(aligned)[:, :8],
        "spectrum, window of 200 in a transform of 256": tf.abs(
            tf.signal.stft(waves, 200, 128, fft_length=256)
        )[:, :8],
        "logits, rows of the head not reordered": logits,
    }
