"""Same waves, same weights: spectrograms, logits, gradients, SGD steps."""

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
    "spectrum, window of 200 in a transform of 256": "torch.stft centres the window in "
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
    waves, y = program.record(300, (noise, noise), seed=2)
    x = program.features(waves)
    return (program.predict(x) == y).mean(), max(program.baselines(x, y))


def pytorch(program, given):
    import warnings

    import torch

    # Of the run, before its weights are overwritten.
    network, regression = scores(program, 0.5)
    beyond, _ = scores(program, 0.8)
    model, waves = program.model, torch.from_numpy(given["waves"])
    y = torch.from_numpy(given["y"]).to(program.device)
    x = torch.from_numpy(given["x"])[:, None].to(program.device)
    weights = dict(zip(NAMES, model.parameters()))

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
    centred = magnitudes(waves, 256, 128, window=hann)
    short = magnitudes(
        waves, 256, 128, 200, window=torch.hann_window(200), center=False
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns, and goes on
        rectangular = magnitudes(waves, 256, 128, center=False)[:, :8]
    reset(reorder=np.asarray)
    with torch.no_grad():
        scrambled = model(x)
    reset()
    logits = model(x)
    loss = program.loss_fn(logits, y)
    gradients = dict(zip(NAMES, torch.autograd.grad(loss, list(weights.values()))))
    program.optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(5):
        program.train_step(x, y)
    return {
        "Hann window": hann,
        "STFT, real part": aligned.real,
        "STFT, imaginary part": aligned.imag,
        "spectrogram": program.spectrogram(given["waves"]),
        "centred STFT and STFT of waves padded by reflection": centred,
        "logits": logits,
        "loss": loss,
        "gradient of the first kernel": gradients["kernel 1"].permute(2, 3, 1, 0),
        "gradient of the second kernel": gradients["kernel 2"].permute(2, 3, 1, 0),
        "first kernel after 5 SGD steps": weights["kernel 1"].permute(2, 3, 1, 0),
        "second bias after 5 SGD steps": weights["bias 2"],
        "accuracy at noise 0.5 above 0.80": np.array(network > 0.8),
        "accuracy at noise 0.5 above that of the regressions": np.array(
            network > regression
        ),
        "accuracy at noise 0.8 lower by more than 0.1": np.array(
            beyond < network - 0.1
        ),
        "frames of 4000 samples, as by default": np.array(centred.shape[1]),
        "spectrum, no window given": rectangular,
        "spectrum, window of 200 in a transform of 256": short[:, :8],
        "logits, rows of the head not reordered": scrambled,
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    network, regression = scores(program, 0.5)
    beyond, _ = scores(program, 0.8)
    model, waves = program.model, given["waves"]
    x, y = given["x"][..., None], given["y"]
    model.set_weights([given[name] for name in NAMES])
    aligned = tf.signal.stft(waves, 256, 128)
    padded = np.pad(waves, ((0, 0), (128, 128)), mode="reflect")
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = program.loss_fn(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    model.compile(keras.optimizers.SGD(learning_rate=0.05), program.loss_fn)
    model.fit(x, y, batch_size=8, epochs=5, shuffle=False, verbose=0)
    after = dict(zip(NAMES, model.get_weights()))
    return {
        "Hann window": tf.signal.hann_window(256),
        "STFT, real part": tf.math.real(aligned),
        "STFT, imaginary part": tf.math.imag(aligned),
        "spectrogram": program.spectrogram(waves),
        "centred STFT and STFT of waves padded by reflection": tf.abs(
            tf.signal.stft(padded, 256, 128)
        ),
        "logits": logits,
        "loss": loss,
        "gradient of the first kernel": gradients[0],
        "gradient of the second kernel": gradients[2],
        "first kernel after 5 SGD steps": after["kernel 1"],
        "second bias after 5 SGD steps": after["bias 2"],
        "accuracy at noise 0.5 above 0.80": np.array(network > 0.8),
        "accuracy at noise 0.5 above that of the regressions": np.array(
            network > regression
        ),
        "accuracy at noise 0.8 lower by more than 0.1": np.array(
            beyond < network - 0.1
        ),
        "frames of 4000 samples, as by default": np.array(aligned.shape[1]),
        "spectrum, no window given": tf.abs(aligned)[:, :8],
        "spectrum, window of 200 in a transform of 256": tf.abs(
            tf.signal.stft(waves, 200, 128, fft_length=256)
        )[:, :8],
        "logits, rows of the head not reordered": logits,
    }
