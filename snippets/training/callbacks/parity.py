"""Validation losses from the same weights, the epoch chosen, the weights restored and saved."""

import warnings

import numpy as np

RTOL, ATOL = 1e-5, 1e-5

DIFFERENT = {
    "the weights are the best when training ends": "Keras' callback restores them; "
    "PyTorch's loop leaves the last and the program restores",
    "weights kept in a variable follow the next epoch": "state_dict holds the "
    "weights themselves; get_weights copies",
    "a misspelt monitor raises, its mode given": "the class here has no mode and looks "
    "the name up in a dict; Keras' callback warns and never stops",
    "the run's first epoch is number": "the loop here counts from 1, Keras' "
    "callbacks from 0",
}
NAMES = ("w1", "b1", "w2", "b2")
GIVEN_LOSSES = (1.0, 0.9, 0.95, 0.8, 0.85, 0.82, 0.7, 0.7, 0.71, 0.72, 0.73, 0.74)


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.3, (64, 32)).astype("float32"),
        "b1": rng.normal(0, 0.1, 32).astype("float32"),
        "w2": rng.normal(0, 0.3, (32, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
        # One batch an epoch, so that shuffling changes nothing.
        "x": rng.random((50, 64), dtype="float32"),
        "y": rng.integers(0, 10, 50),
        "val_x": rng.random((50, 64), dtype="float32"),
        "val_y": rng.integers(0, 10, 50),
    }


def raises(expected, message, call, *args):
    """Whether a call raises this kind of error with this in its message."""
    try:
        call(*args)
    except expected as raised:
        if message not in str(raised):
            raise
        return True
    return False


def of_the_run(losses, best_epoch, patience, restored, on_disk):
    """What holds in the program's own run, by the loss of each of its epochs."""
    lowest = int(np.argmin(losses)) + 1
    return {
        "the run's best epoch has its lowest loss": best_epoch == lowest,
        "epochs of the run after its best": len(losses) - lowest,
        "patience": patience,
        "the run's restored weights have that loss": bool(
            np.isclose(restored, min(losses), rtol=1e-4)
        ),
        "the run's file has that loss": bool(
            np.isclose(on_disk, min(losses), rtol=1e-4)
        ),
    }


def pytorch(program, given):
    import torch

    stopping, fit, model = program.stopping, program.fit, program.model
    on_disk = program.evaluate()
    model.load_state_dict(stopping.best_state)
    restored = program.evaluate()
    ran = of_the_run(
        program.losses, stopping.best_epoch, stopping.patience, restored, on_disk
    )

    def stops_at(patience):
        """The epoch at which the program's own class stops on given losses."""
        watch = program.EarlyStopping(patience)
        return next(
            epoch
            for epoch, loss in enumerate(GIVEN_LOSSES, start=1)
            if watch(epoch, {"val_loss": loss})
        )

    x = torch.from_numpy(given["x"]).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)
    program.train_loader = [(x, y)]
    program.val_images = torch.from_numpy(given["val_x"]).to(program.device)
    program.val_labels = torch.from_numpy(given["val_y"]).to(program.device)
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    start = {key: torch.from_numpy(given[name].T) for key, name in zip(names, NAMES)}

    def begin():
        model.load_state_dict(start)
        program.optimizer.state.clear()

    begin()
    losses = fit(12, [])

    begin()
    watch = program.stopping = program.EarlyStopping(patience=3)
    epochs = []
    fit(60, [watch, program.checkpoint, lambda epoch, logs: epochs.append(epoch)])
    best = watch.best_state["0.weight"].T.cpu()
    at_the_end = torch.equal(model.state_dict()["0.weight"].T.cpu(), best)
    saved = torch.load("best.pt", weights_only=True)["0.weight"].T.cpu()

    kept = model.state_dict()
    program.train_epoch()
    misspelt = program.EarlyStopping(3, monitor="val_los")
    return {
        **ran,
        "losses of 12 epochs": np.float32(losses),
        "the epoch chosen": watch.best_epoch,
        "epochs until it stops": len(epochs),
        "weights of the best epoch": best,
        "weights of the file": saved,
        "the weights are the best when training ends": at_the_end,
        "the weights are the best, by default": at_the_end,
        "stops at, with a patience of 0 to 4": np.array(list(map(stops_at, range(5)))),
        "weights kept in a variable follow the next epoch": torch.equal(
            kept["0.weight"], model[0].weight
        ),
        "a misspelt monitor raises": raises(KeyError, "val_los", fit, 1, [misspelt]),
        "a misspelt monitor raises, its mode given": raises(
            KeyError, "val_los", fit, 1, [misspelt]
        ),
        "the run's first epoch is number": epochs[0],
    }


def tensorflow(program, given):
    import keras

    stopping, fit = program.stopping, program.fit
    on_disk = program.evaluate()
    program.model = model = stopping.model
    restored = program.evaluate()
    losses = program.history["val_loss"]
    ran = of_the_run(
        losses, stopping.best_epoch + 1, stopping.patience, restored, on_disk
    )

    def stops_at(patience):
        """The epoch at which a callback with the program's settings stops."""
        watch = keras.callbacks.EarlyStopping(stopping.monitor, patience=patience)
        watch.set_model(model)
        watch.on_train_begin()
        model.stop_training = False
        for epoch, loss in enumerate(GIVEN_LOSSES):
            watch.on_epoch_end(epoch, {"val_loss": loss})
            if model.stop_training:
                return epoch + 1
        raise AssertionError("never stops")

    program.train_set = given["x"], given["y"]
    program.val_set = given["val_x"], given["val_y"]
    optimizer = type(program.optimizer)

    def begin():
        model.set_weights([given[name] for name in NAMES])
        settings = program.optimizer.get_config()
        model.compile(optimizer.from_config(settings), program.loss_fn)

    begin()
    history = fit(12, []).history["val_loss"]

    begin()
    stopping.patience = 3
    checkpoint = type(program.checkpoint)(
        program.checkpoint.filepath,
        monitor=program.checkpoint.monitor,
        save_best_only=program.checkpoint.save_best_only,
    )
    epochs = []
    note = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: epochs.append(epoch)
    )
    fit(60, [stopping, checkpoint, note])
    best = stopping.best_weights[0]
    at_the_end = np.array_equal(model.get_weights()[0], best)
    saved = keras.saving.load_model("best.keras").get_weights()[0]

    kept = model.get_weights()[0]
    fit(1, [])
    follows = np.array_equal(kept, model.get_weights()[0])
    misspelt = keras.callbacks.EarlyStopping("val_los")
    with_mode = keras.callbacks.EarlyStopping("val_los", mode="min")
    with warnings.catch_warnings(record=True) as warned:
        misses = raises(ValueError, "val_los", fit, 1, [with_mode])
    assert any("`val_los` which is not available" in str(w.message) for w in warned)
    begin()
    by_default = keras.callbacks.EarlyStopping(stopping.monitor, patience=3)
    fit(60, [by_default])
    default_restores = np.array_equal(model.get_weights()[0], best)
    return {
        **ran,
        "losses of 12 epochs": np.float32(history),
        "the epoch chosen": stopping.best_epoch + 1,
        "epochs until it stops": len(epochs),
        "weights of the best epoch": best,
        "weights of the file": saved,
        "the weights are the best when training ends": at_the_end,
        "the weights are the best, by default": default_restores,
        "stops at, with a patience of 0 to 4": np.array(list(map(stops_at, range(5)))),
        "weights kept in a variable follow the next epoch": follows,
        "a misspelt monitor raises": raises(ValueError, "val_los", fit, 1, [misspelt]),
        "a misspelt monitor raises, its mode given": misses,
        "the run's first epoch is number": epochs[0],
    }
