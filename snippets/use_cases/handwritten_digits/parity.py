"""Same weights, dropout off: logits, gradients, and one epoch of 5 steps."""

import numpy as np

OVER_SEEDS = {"accuracy": {"within": 0.02, "above": "baseline_accuracy"}}
VARIES = {
    "What it gets wrong": "rounding differs, and training amplifies it",
}
DIFFERENT = {
    "order of the flattened features": "channel by channel (NCHW) in PyTorch; "
    "pixel by pixel (NHWC) in Keras",
}
NAMES = ("k1", "b1", "k2", "b2", "kernel", "bias")


def inputs():
    rng = np.random.default_rng(0)
    return {
        "k1": rng.normal(0, 0.3, (3, 3, 1, 16)).astype("float32"),
        "b1": rng.normal(0, 0.1, 16).astype("float32"),
        "k2": rng.normal(0, 0.1, (3, 3, 16, 32)).astype("float32"),
        "b2": rng.normal(0, 0.1, 32).astype("float32"),
        "kernel": rng.normal(0, 0.05, (4 * 4 * 32, 10)).astype("float32"),
        "bias": rng.normal(0, 0.1, 10).astype("float32"),
        "x": rng.random((100, 8, 8, 1), dtype="float32"),
        "y": rng.integers(0, 10, 100),
    }


def pytorch(program, given):
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    # Before anything changes the trained model.
    accuracy, baseline = program.accuracy, program.baseline_accuracy
    model = program.model
    weights = dict(zip(NAMES, model.parameters()))
    x = torch.from_numpy(given["x"]).permute(0, 3, 1, 2).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)

    def dense_from_keras(kernel):
        # Rows come as (height, width, channel); PyTorch flattens (channel, h, w).
        return kernel.reshape(4, 4, 32, 10).transpose(3, 2, 0, 1).reshape(10, 512)

    def as_keras(name, tensor):
        array = tensor.detach().cpu().numpy()
        if name == "kernel":
            return array.reshape(10, 32, 4, 4).transpose(2, 3, 1, 0).reshape(512, 10)
        return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.copy()

    with torch.no_grad():
        for name, weight in weights.items():
            value = given[name]
            if name == "kernel":
                value = dense_from_keras(value)
            elif value.ndim == 4:
                value = value.transpose(3, 2, 0, 1)
            weight.copy_(torch.from_numpy(np.ascontiguousarray(value)))
    model.eval()
    logits = model(x)
    features = model[:6](x)
    gradients = torch.autograd.grad(program.loss_fn(logits, y), list(weights.values()))
    loss, score = program.evaluate(x, y)

    # Dropout draws differ between the frameworks: off for this epoch.
    model[6].p = 0.0
    program.optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    program.train_epoch(DataLoader(TensorDataset(x, y), batch_size=20))
    return {
        "logits": logits,
        "order of the flattened features": features[0],
        "the same features, aligned": features[0].reshape(32, 4, 4).permute(1, 2, 0),
        "gradient of the first kernel": as_keras("k1", gradients[0]),
        "gradient of the second kernel": as_keras("k2", gradients[2]),
        "gradient of the last kernel": as_keras("kernel", gradients[4]),
        "loss of 100 images": np.float32(loss),
        "accuracy of 100 images": np.float32(score),
        "first kernel after 5 steps": as_keras("k1", weights["k1"]),
        "last kernel after 5 steps": as_keras("kernel", weights["kernel"]),
        "baseline accuracy": np.float64(baseline),
        "accuracy on new writers above 0.92": np.array(accuracy > 0.92),
        "accuracy above the baseline": np.array(accuracy > baseline),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    accuracy, baseline = program.accuracy, program.baseline_accuracy
    model, x, y = program.model, given["x"], given["y"]
    model.set_weights([given[name] for name in NAMES])
    with tf.GradientTape() as tape:
        logits = model(x)
        loss = program.loss_fn(y, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    flatten = model.layers[3]
    features = keras.Model(model.inputs, flatten.output)(x)
    loss, score = model.evaluate(x, y, verbose=0)

    # Dropout draws differ between the frameworks: off for this epoch.
    model.layers[4].rate = 0.0
    sgd = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    model.compile(sgd, program.loss_fn, metrics=["accuracy"])
    model.fit(x, y, batch_size=20, shuffle=False, verbose=0)
    return {
        "logits": logits,
        "order of the flattened features": features[0],
        "the same features, aligned": tf.reshape(features[0], (4, 4, 32)),
        "gradient of the first kernel": gradients[0],
        "gradient of the second kernel": gradients[2],
        "gradient of the last kernel": gradients[4],
        "loss of 100 images": np.float32(loss),
        "accuracy of 100 images": np.float32(score),
        "first kernel after 5 steps": model.get_weights()[0],
        "last kernel after 5 steps": model.get_weights()[4],
        "baseline accuracy": np.float64(baseline),
        "accuracy on new writers above 0.92": np.array(accuracy > 0.92),
        "accuracy above the baseline": np.array(accuracy > baseline),
    }
