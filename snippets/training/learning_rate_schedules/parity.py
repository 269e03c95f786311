"""Rates of each step, before and after resuming; weights by them; a plateau on given losses."""

import numpy as np

# Adam divides by the root of a running mean of squared gradients, which
# amplifies rounding; Keras keeps the rate itself as a float32.
RTOL, ATOL = 1e-5, 1e-5

DIFFERENT = {
    "rates of 20 steps more": "PyTorch's cosine rises again after its end; Keras' "
    "stays at the floor",
    "a step of the optimizer alone moves the rate": "PyTorch's schedule counts calls "
    "of its own step; Keras' reads the optimizer's count of steps",
    "the model and the optimizer alone resume the rates": "PyTorch's schedule has a "
    "state of its own; in Keras it is a function of the optimizer's count",
    "a plateau on top of a schedule raises": "PyTorch changes the rate and the "
    "schedule goes on from there; a Keras schedule cannot be set",
    "weights after 40 steps, default epsilon": "PyTorch adds 1e-8 to the root; Keras "
    "adds 1e-7, before it corrects the bias",
}
VAL_LOSSES = (2.0, 1.0, 1.1, 1.2, 1.3, 0.9, 0.8, 0.9, 0.9, 0.9)


def inputs():
    rng = np.random.default_rng(0)
    return {
        "kernel": rng.normal(0, 0.1, (64, 10)).astype("float32"),
        "bias": rng.normal(0, 0.1, 10).astype("float32"),
        # Shuffled or not, each batch of these is the same.
        "x": np.tile(rng.random(64, dtype="float32"), (1280, 1)),
        "y": np.full(1280, 3),
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


def pytorch(program, given):
    import torch

    def on_plateau(losses):
        """The rates that the program's own plateau sets, from its beginning."""
        program.optimizer.param_groups[0]["lr"] = 1.0
        state = program.plateau.state_dict()
        fresh = {"best": np.inf, "num_bad_epochs": 0, "last_epoch": 0}
        program.plateau.load_state_dict(state | fresh)
        rates = []
        for loss in losses:
            program.plateau.step(loss)
            rates.append(program.optimizer.param_groups[0]["lr"])
        return np.float32(rates)

    plateau = on_plateau(VAL_LOSSES)
    checkpoint = torch.load("checkpoint.pt", weights_only=True)

    def resumed(*names):
        """The rates of three epochs from the file, of which only these are read."""
        parts = dict(zip(("model", "optimizer", "scheduler"), program.build()))
        for name in names:
            parts[name].load_state_dict(checkpoint[name])
        program.model, program.optimizer, scheduler = parts.values()
        return program.train(3, scheduler), scheduler

    again, scheduler = resumed("model", "optimizer", "scheduler")
    beyond = program.train(1, scheduler)
    alone, _ = resumed("model", "optimizer")
    still = program.train(1)

    def weights(eps=None):
        """The weights after 40 steps of the program's own loop."""
        program.model, program.optimizer, scheduler = program.build()
        start = {"weight": given["kernel"].T, "bias": given["bias"]}
        start = {name: torch.from_numpy(each) for name, each in start.items()}
        program.model.load_state_dict(start)
        if eps is not None:
            program.optimizer.param_groups[0]["eps"] = eps
        program.train(2, scheduler)
        return program.model.weight.detach().T.cpu().numpy().copy()

    x = torch.from_numpy(given["x"]).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)
    program.train_loader = list(zip(x.split(64), y.split(64)))
    program.val_images, program.val_labels = x[:64], y[:64]
    by_default, after = weights(), weights(eps=1e-14)
    loss = program.evaluate()

    program.model, program.optimizer, scheduler = program.build()
    settings = {"factor": 0.1, "patience": 0}
    lower = torch.optim.lr_scheduler.ReduceLROnPlateau(program.optimizer, **settings)

    def both():
        for loss in VAL_LOSSES[1:4]:
            program.train(1, scheduler)
            lower.step(loss)

    return {
        "rates of the run, resumed after 40 steps": np.float32(program.rates),
        "the rates resume as often as the file is read": again == program.rates[40:],
        "rates of 20 steps more": np.float32(beyond),
        "a step of the optimizer alone moves the rate": len(set(still)) > 1,
        "the model and the optimizer alone resume the rates": alone == again,
        "weights after 40 steps": after,
        "loss after 40 steps": np.float32(loss),
        "weights after 40 steps, default epsilon": by_default,
        "rates of the plateau after given losses": plateau,
        "a plateau on top of a schedule raises": raises(TypeError, "", both),
    }


def tensorflow(program, given):
    import keras

    def on_plateau(callback, losses):
        """The rates that a callback sets, from its beginning."""
        callback.on_train_begin()
        rates = []
        for epoch, loss in enumerate(losses):
            callback.on_epoch_end(epoch, {"val_loss": loss})
            rates.append(float(callback.model.optimizer.learning_rate))
        return np.float32(rates)

    program.model.optimizer.learning_rate = 1.0
    plateau = on_plateau(program.plateau, VAL_LOSSES)

    def resumed(epochs):
        program.model = keras.saving.load_model("checkpoint.keras")
        program.train(epochs, program.rate_log)
        return program.rate_log.rates

    again = resumed(3)
    program.train(1, program.rate_log)
    beyond = program.rate_log.rates

    # A new model and optimizer, with nothing but their variables.
    saved = keras.saving.load_model("checkpoint.keras")
    program.model = program.build(keras.optimizers.Adam(program.schedule))
    program.model.set_weights(saved.get_weights())
    program.model.optimizer.build(program.model.trainable_variables)
    for new, old in zip(program.model.optimizer.variables, saved.optimizer.variables):
        new.assign(old)
    program.train(3, program.rate_log)
    alone = program.rate_log.rates

    def weights(**settings):
        """The weights after 40 steps of the program's own fit."""
        optimizer = keras.optimizers.Adam(program.schedule, **settings)
        program.model = program.build(optimizer)
        program.model.set_weights([given["kernel"], given["bias"]])
        program.train(2, program.rate_log)
        return program.model.get_weights()[0]

    program.train_set = given["x"], given["y"]
    program.val_set = given["x"][:64], given["y"][:64]
    by_default, after = weights(), weights(epsilon=1e-14)
    loss = program.model.evaluate(*program.val_set, verbose=0)

    lower = keras.callbacks.ReduceLROnPlateau("val_loss", factor=0.1, patience=0)
    lower.set_model(program.build(keras.optimizers.Adam(program.schedule)))
    cannot = "created with a `LearningRateSchedule`"
    return {
        "rates of the run, resumed after 40 steps": np.float32(program.rates),
        "the rates resume as often as the file is read": again == program.rates[40:],
        "rates of 20 steps more": np.float32(beyond),
        "a step of the optimizer alone moves the rate": len(set(again)) > 1,
        "the model and the optimizer alone resume the rates": alone == again,
        "weights after 40 steps": after,
        "loss after 40 steps": np.float32(loss),
        "weights after 40 steps, default epsilon": by_default,
        "rates of the plateau after given losses": plateau,
        "a plateau on top of a schedule raises": raises(
            TypeError, cannot, on_plateau, lower, VAL_LOSSES[1:4]
        ),
    }
