"""The run's years and error; same LSTM weights: forecasts, gradients, ten Adam steps."""

import numpy as np

OVER_SEEDS = {"error": {"within": 0.03, "below": "baseline"}}
DIFFERENT = {
    "forecast, axes of the series as by default": "nn.LSTM reads (time, sample), "
    "so each sample becomes a step; keras.layers.LSTM reads (sample, time)",
    "numbers in the LSTM": "nn.LSTM has two biases a gate, Keras one",
    "forget gate's bias is 1 in a new LSTM": "PyTorch draws it from U(-1/4, 1/4)",
    "loss of targets without the feature axis": "PyTorch broadcasts (60, 1) against "
    "(60,) to all pairs and warns; Keras aligns the two",
    "dropout=0.5 acts in a single LSTM layer": "PyTorch drops only between layers and "
    "warns; Keras drops the layer's inputs",
}
NAMES = "kernel", "recurrent", "bias", "head", "head bias"


def inputs():
    rng = np.random.default_rng(0)
    shapes = (1, 64), (16, 64), (64,), (16, 1), (1,)
    given = {k: rng.normal(0, 0.3, s) for k, s in zip(NAMES, shapes)}
    given |= {"x": rng.normal(size=(60, 24, 1)), "y": rng.normal(size=(60, 1))}
    return {name: value.astype("float32") for name, value in given.items()}


def of_the_run(program):
    """What the run was about: its windows, its years, its held-out error."""
    years = np.arange(1950, 2011).repeat(12)[24:]
    train, test = years <= 1985, years > 1996

    def error(part):
        forecast = program.predict(program.x[part])
        return program.std * np.abs(forecast - program.y[part]).mean()

    return {
        "windows": program.x,
        "months after them": program.y,
        "held-out error of the naive forecast": np.float32(program.baseline),
        "held-out error of the run is below 0.6 of that": program.error
        < 0.6 * program.baseline,
        "it is the error of the years after 1996": bool(
            np.isclose(program.error, error(test), rtol=1e-4)
        ),
        "trained on the years to 1985: a lower error there": error(train) < error(test),
    }


def pytorch(program, given):
    import warnings

    import torch

    ran = of_the_run(program)  # before its weights are overwritten
    device = program.device
    x, y = (torch.from_numpy(given[name]).to(device) for name in ("x", "y"))
    model, lstm, head = program.model, program.model.lstm, program.model.head
    ported = lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0
    weights = dict(zip(NAMES, (*ported, head.weight, head.bias)))

    def reset():
        with torch.no_grad():
            lstm.bias_hh_l0.zero_()  # the other half of one bias: stays zero
            for name, weight in weights.items():
                weight.copy_(torch.from_numpy(given[name].T))

    reset()
    loss = program.loss_fn(model(x), y)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    # With torch's default, the first axis is time.
    time_first = torch.nn.LSTM(1, 16).to(device)
    time_first.load_state_dict(lstm.state_dict())
    with torch.no_grad():
        mixed_up = x[:, -1] + head(time_first(x)[0][:, -1])
        new = program.Forecaster().lstm
        forget = new.bias_ih_l0[16:32] + new.bias_hh_l0[16:32]
        with warnings.catch_warnings():
            # It warns of both, and goes on.
            warnings.filterwarnings("ignore", "Using a target size")
            warnings.filterwarnings("ignore", "dropout option adds dropout")
            flat = program.loss_fn(model(x), y[:, 0])
            dropping = torch.nn.LSTM(1, 16, dropout=0.5).to(device)
            plain = dropping(x)[0]
            dropping.dropout = 0.0
        acts = not torch.equal(plain, dropping(x)[0])
        forecast = model(x)
        predicted = program.predict(given["x"])
    # Ten steps of the program's own optimizer, its moments forgotten.
    lstm.bias_hh_l0.requires_grad_(False)
    program.optimizer.state.clear()
    program.optimizer.param_groups[0]["eps"] = 1e-14  # else Adam's differ
    model.train()
    for _ in range(10):
        program.train_step(x, y)
    return {
        **ran,
        "forecast": forecast,
        "forecast of predict": predicted,
        "loss": loss,
        "gradient of the kernel": gradients[0].T,
        "gradient of the recurrent kernel": gradients[1].T,
        "gradient of the bias": gradients[2],
        "recurrent kernel after 10 Adam steps": lstm.weight_hh_l0.T,
        "forecast, axes of the series as by default": mixed_up,
        "numbers in the LSTM": np.array(sum(p.numel() for p in lstm.parameters())),
        "forget gate's bias is 1 in a new LSTM": np.array(bool((forget == 1).all())),
        "loss of targets without the feature axis": flat,
        "dropout=0.5 acts in a single LSTM layer": np.array(acts),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    ran = of_the_run(program)  # before its weights are overwritten
    model, x, y = program.model, given["x"], given["y"]
    lstm, head = program.lstm, program.head
    lstm.set_weights([given[name] for name in NAMES[:3]])
    head.set_weights([given[name] for name in NAMES[3:]])
    with tf.GradientTape() as tape:
        forecast = model(x, training=True)
        loss = program.loss_fn(y, forecast)
    cell = lstm.cell
    of = [each.value for each in (cell.kernel, cell.recurrent_kernel, cell.bias)]
    gradients = tape.gradient(loss, of)
    new = keras.layers.LSTM(16)
    new.build((None, 24, 1))
    forget = new.get_weights()[2][16:32]
    dropping = keras.layers.LSTM(16, dropout=0.5)
    acts = not np.array_equal(dropping(x, training=True), dropping(x, training=False))
    flat = program.loss_fn(y[:, 0], forecast)
    predicted = program.predict(x)
    # Ten steps of the program's own optimizer, its moments forgotten.
    for variable in model.optimizer.variables:
        if variable.name != "learning_rate":
            variable.assign(keras.ops.zeros_like(variable))
    model.optimizer.epsilon = 1e-14  # else Adam's differ
    model.compile(model.optimizer, model.loss)
    model.fit(x, y, batch_size=60, epochs=10, shuffle=False, verbose=0)
    return {
        **ran,
        "forecast": forecast,
        "forecast of predict": predicted,
        "loss": loss,
        "gradient of the kernel": gradients[0],
        "gradient of the recurrent kernel": gradients[1],
        "gradient of the bias": gradients[2],
        "recurrent kernel after 10 Adam steps": cell.recurrent_kernel,
        "forecast, axes of the series as by default": forecast,
        "numbers in the LSTM": np.array(program.lstm.count_params()),
        "forget gate's bias is 1 in a new LSTM": np.array(bool((forget == 1).all())),
        "loss of targets without the feature axis": flat,
        "dropout=0.5 acts in a single LSTM layer": np.array(acts),
    }
