"""Same weights: logits, predictions, loss, accuracy; the loss an epoch reports."""

import numpy as np

DIFFERENT = {
    "loss of 297 images, mean of five batch means": "PyTorch's row averages the batch "
    "means, the last of 41 images; evaluate weighs them by size",
    "accuracy of binary logits": "PyTorch's row compares logits with 0, which is "
    "p = 0.5; keras.metrics.BinaryAccuracy compares them with 0.5",
    "a new model, called twice, agrees": "PyTorch starts in training mode, where "
    "dropout acts; a Keras call means training=False",
}


def inputs():
    rng = np.random.default_rng(0)
    contrast = np.linspace(0.5, 2, 297)[:, None]  # so that the batches differ in loss
    return {
        "w1": rng.normal(0, 0.1, (64, 64)).astype("float32"),
        "b1": rng.normal(0, 0.1, 64).astype("float32"),
        "w2": rng.normal(0, 0.3, (64, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
        "x": (rng.random((297, 64)) * contrast).astype("float32"),
        "y": rng.integers(0, 10, 297),
        "binary logits": np.float32([0.2, 0.3, -1.0, 2.0]),
        "binary labels": np.float32([1, 1, 0, 1]),
    }


def pytorch(program, given):
    import torch
    from sklearn.metrics import confusion_matrix
    from torch.utils.data import DataLoader, TensorDataset

    model = program.model
    fresh = torch.nn.Sequential(torch.nn.Linear(64, 10), torch.nn.Dropout(0.5))
    x = torch.from_numpy(given["x"]).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)
    with torch.no_grad():
        called_twice = torch.equal(fresh(x.cpu()), fresh(x.cpu()))
        for name, weight in zip(("w1", "b1", "w2", "b2"), model.parameters()):
            weight.copy_(torch.from_numpy(given[name].T))
        model.eval()
        logits = model(x)
    predicted = logits.argmax(dim=1).cpu().numpy()
    loss, accuracy = program.evaluate(x, y)
    batches = zip(x.split(64), y.split(64))
    in_batches = [program.evaluate(*batch)[0] for batch in batches]

    # Dropout draws differ between the frameworks: off for this epoch.
    model[2].p = 0.0
    program.optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    loader = DataLoader(TensorDataset(x[:250], y[:250]), batch_size=50)
    reported = program.train_epoch(loader)
    loss_after, _ = program.evaluate(x[:250], y[:250])
    positive = (given["binary logits"] > 0) == given["binary labels"]
    return {
        "logits": logits,
        "predictions": predicted,
        "confusion matrix": confusion_matrix(given["y"], predicted),
        "loss of 297 images": np.float32(loss),
        "accuracy of 297 images": np.float32(accuracy),
        "loss that one epoch reports": np.float32(reported),
        "loss after that epoch": np.float32(loss_after),
        "loss of 297 images, mean of five batch means": np.float32(np.mean(in_batches)),
        "accuracy of binary logits": np.float32(positive.mean()),
        "a new model, called twice, agrees": np.array(called_twice),
    }


def tensorflow(program, given):
    import keras
    from sklearn.metrics import confusion_matrix

    model, x, y = program.model, given["x"], given["y"]
    fresh = keras.models.clone_model(model)
    called_twice = np.array_equal(fresh(x), fresh(x))
    model.set_weights([given[name] for name in ("w1", "b1", "w2", "b2")])
    logits = model(x, training=False)
    predicted = model.predict(x, verbose=0).argmax(axis=1)
    loss, accuracy = model.evaluate(x, y, batch_size=64, verbose=0)

    # Dropout draws differ between the frameworks: off for this epoch.
    model.layers[1].rate = 0.0
    optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    model.compile(optimizer, program.loss_fn, metrics=["accuracy"])
    fitted = model.fit(x[:250], y[:250], batch_size=50, shuffle=False, verbose=0)
    loss_after, _ = model.evaluate(x[:250], y[:250], verbose=0)
    binary_accuracy = keras.metrics.BinaryAccuracy()
    binary_accuracy.update_state(given["binary labels"], given["binary logits"])
    return {
        "logits": logits,
        "predictions": predicted,
        "confusion matrix": confusion_matrix(given["y"], predicted),
        "loss of 297 images": np.float32(loss),
        "accuracy of 297 images": np.float32(accuracy),
        "loss that one epoch reports": np.float32(fitted.history["loss"][0]),
        "loss after that epoch": np.float32(loss_after),
        "loss of 297 images, mean of five batch means": np.float32(loss),
        "accuracy of binary logits": np.float32(binary_accuracy.result()),
        "a new model, called twice, agrees": np.array(called_twice),
    }
