"""The parts that were used; from the same weights, predictions, losses and one epoch."""

import numpy as np

DIFFERENT = {
    "297 images: mean of five batch means, and evaluate's loss": "PyTorch's side is the "
    "plain mean over batches, the last of 41 images; Keras' evaluate weighs by size",
    "accuracy of binary logits": "PyTorch's side compares logits with 0, which is "
    "p = 0.5; keras.metrics.BinaryAccuracy compares them with 0.5",
    "a new model, called twice, agrees": "PyTorch starts in training mode, where "
    "dropout acts; a Keras call means training=False",
}
NAMES = ("w1", "b1", "w2", "b2")


def inputs():
    rng = np.random.default_rng(0)
    contrast = np.linspace(0.5, 2, 297)[:, None]  # so that the batches differ in loss
    return {
        "w1": rng.normal(0, 0.1, (64, 64)).astype("float32"),
        "b1": rng.normal(0, 0.1, 64).astype("float32"),
        "w2": rng.normal(0, 0.3, (64, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
        "images": (rng.random((297, 64)) * contrast).astype("float32"),
        "labels": rng.integers(0, 10, 297),
        "binary logits": np.float32([0.2, 0.3, -1.0, 2.0]),
        "binary labels": np.float32([1, 1, 0, 1]),
    }


def parts():
    """The three parts, split anew: training, validation, test."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    images, labels = load_digits(return_X_y=True)
    pairs = [(np.float32(image / 16), label) for image, label in zip(images, labels)]
    rest, test = train_test_split(pairs, test_size=297, random_state=0)
    train, val = train_test_split(rest, test_size=300, random_state=0)
    return [tuple(map(np.array, zip(*part))) for part in (train, val, test)]


def of_the_run(program, evaluate):
    """What the program's run was about, by its trained model; `evaluate` takes arrays."""
    train, val, test = (evaluate(*part) for part in parts())
    last = program.history["val_loss"][-1]
    return {
        "trained on the training part: a lower loss there": train[0] < test[0],
        "validated on the validation part": bool(np.isclose(last, val[0], rtol=1e-4)),
        "tested on the test part": bool(np.isclose(program.loss, test[0], rtol=1e-4)),
        "test accuracy above 0.93": program.accuracy > 0.93,
        "epochs": len(program.history["loss"]),
    }


def pytorch(program, given):
    import torch
    from sklearn.metrics import confusion_matrix
    from torch.utils.data import DataLoader, TensorDataset

    def dataset(images, labels):
        return TensorDataset(torch.from_numpy(images), torch.from_numpy(labels))

    ran = of_the_run(program, lambda *part: program.evaluate(dataset(*part)))
    epoch = torch.cat([images for images, _ in program.train_loader]).numpy()
    model, images = program.model, torch.from_numpy(given["images"]).to(program.device)
    fresh = torch.nn.Sequential(torch.nn.Linear(64, 10), torch.nn.Dropout(0.5))
    names = ("0.weight", "0.bias", "3.weight", "3.bias")
    weights = {key: torch.from_numpy(given[name].T) for key, name in zip(names, NAMES)}
    model.load_state_dict(weights)
    model.train()  # evaluate has to change that by itself
    given_set = dataset(given["images"], given["labels"])
    loss, accuracy = program.evaluate(given_set, batch_size=64)
    with torch.inference_mode():
        called_twice = torch.equal(fresh(images.cpu()), fresh(images.cpu()))
        logits = model(images)
        batches = DataLoader(given_set, batch_size=64)
        means = [
            program.loss_fn(model(x.to(program.device)), y.to(program.device)).item()
            for x, y in batches
        ]
    predicted = logits.argmax(dim=1).cpu().numpy()

    # Dropout draws differ between the frameworks: off for this epoch.
    rate, model[2].p = model[2].p, 0.0
    program.optimizer.state.clear()  # of the program's own: its rate and momentum stay
    first = dataset(given["images"][:250], given["labels"][:250])
    batch_size = program.train_loader.batch_size
    reported = program.train_epoch(DataLoader(first, batch_size))
    loss_after, _ = program.evaluate(first)
    positive = (given["binary logits"] > 0) == given["binary labels"]
    return {
        **ran,
        "images of an epoch, each pixel sorted": np.sort(epoch, axis=0),
        "rate of dropout": rate,
        "logits": logits,
        "predictions": predicted,
        "confusion matrix": confusion_matrix(given["labels"], predicted),
        "loss of 297 images": np.float32(loss),
        "accuracy of 297 images": np.float32(accuracy),
        "loss that one epoch reports": np.float32(reported),
        "loss after that epoch": np.float32(loss_after),
        "first kernel after that epoch": model[0].weight.T,
        "297 images: mean of five batch means, and evaluate's loss": np.float32(
            np.mean(means)
        ),
        "accuracy of binary logits": np.float32(positive.mean()),
        "a new model, called twice, agrees": called_twice,
    }


def tensorflow(program, given):
    import keras
    from sklearn.metrics import confusion_matrix

    model, images, labels = program.model, given["images"], given["labels"]
    ran = of_the_run(program, lambda *part: model.evaluate(*part, verbose=0))
    steps = int(model.optimizer.iterations.numpy())
    batch_size = round(1200 * ran["epochs"] / steps)
    fresh = keras.models.clone_model(model)
    called_twice = np.array_equal(fresh(images), fresh(images))
    for layer, names in (model.layers[0], NAMES[:2]), (model.layers[2], NAMES[2:]):
        layer.set_weights([given[name] for name in names])
    logits = model(images, training=False)
    predicted = model.predict(images, verbose=0).argmax(axis=1)
    loss, accuracy = model.evaluate(images, labels, batch_size=64, verbose=0)

    # Dropout draws differ between the frameworks: off for this epoch.
    rate, model.layers[1].rate = model.layers[1].rate, 0.0
    for variable in model.optimizer.variables:
        if variable.name != "learning_rate":
            variable.assign(keras.ops.zeros_like(variable))
    model.compile(model.optimizer, model.loss, metrics=["accuracy"])
    first = images[:250], labels[:250]
    fitted = model.fit(*first, batch_size=batch_size, shuffle=False, verbose=0)
    loss_after, _ = model.evaluate(*first, verbose=0)
    binary_accuracy = keras.metrics.BinaryAccuracy()
    binary_accuracy.update_state(given["binary labels"], given["binary logits"])
    return {
        **ran,
        "images of an epoch, each pixel sorted": np.sort(program.train_set[0], axis=0),
        "rate of dropout": rate,
        "logits": logits,
        "predictions": predicted,
        "confusion matrix": confusion_matrix(labels, predicted),
        "loss of 297 images": np.float32(loss),
        "accuracy of 297 images": np.float32(accuracy),
        "loss that one epoch reports": np.float32(fitted.history["loss"][0]),
        "loss after that epoch": np.float32(loss_after),
        "first kernel after that epoch": model.layers[0].kernel,
        "297 images: mean of five batch means, and evaluate's loss": np.float32(loss),
        "accuracy of binary logits": np.float32(binary_accuracy.result()),
        "a new model, called twice, agrees": called_twice,
    }
