"""The run's own files; same weights: outputs and losses; what each file refuses."""

import numpy as np

DIFFERENT = {
    "the file rebuilds the model without its source": "a state_dict holds names and "
    "tensors; a .keras file holds the architecture too",
    "the saved training holds dropout's random state": "save_checkpoint writes it; a "
    ".keras file does not, so the program writes a second file",
    "a model with fewer layers raises": "load_state_dict is strict about names that "
    "are left over; load_weights ignores what the file has more",
    "layers of other names raise": "load_state_dict pairs tensors by name; "
    "load_weights pairs layers by class and order",
    "the weights' file holds the optimizer's state": "a state_dict belongs to one "
    "object, model or optimizer; save_weights of a compiled model writes both",
    "losses of 3 steps after the rate has fallen": "PyTorch multiplies the momentum by "
    "the new rate; Keras' momentum holds steps of the old rate",
    "weights kept in a variable follow the next step": "a state_dict holds the live "
    "tensors; get_weights copies",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.5, (4, 16)).astype("float32"),
        "b1": rng.normal(0, 0.1, 16).astype("float32"),
        "w2": rng.normal(0, 0.3, (16, 1)).astype("float32"),
        "b2": rng.normal(0, 0.1, 1).astype("float32"),
        "inputs": rng.normal(size=(64, 4)).astype("float32"),
    }


def raises(error, message, function, *arguments):
    """Whether it raises this error with these words; any other error is one."""
    try:
        function(*arguments)
    except error as raised:
        if message not in str(raised):
            raise
        return True
    return False


def pytorch(program, given):
    import pickle

    import torch

    # The program's newest checkpoint, loaded by its own function.
    epoch = program.load_checkpoint(program.kept[-1])
    next_epoch = program.train(1)
    program.load_checkpoint("checkpoint.pt")
    again = program.train(3)
    checkpoint = torch.load("checkpoint.pt", weights_only=True)
    weights = torch.load("weights.pt", weights_only=True)
    fresh = program.fresh.state_dict()
    as_saved = all(
        torch.equal(fresh[name].cpu(), weights[name].cpu()) for name in fresh
    )

    def start(weights):
        program.model = program.build_model()
        program.optimizer, program.schedule = program.build_optimizer(program.model)
        program.model.load_state_dict(weights)

    start(weights)
    torch.set_rng_state(checkpoint["rng"])
    torch.cuda.set_rng_state_all(checkpoint["cuda_rng"])
    from_weights = program.train(3)

    # Dropout draws differ between the frameworks: off from here on.
    inputs = program.inputs = torch.from_numpy(given["inputs"]).to(program.device)
    program.targets = inputs[:, :1] * inputs[:, 1:2]
    names = ("0.weight", "0.bias", "3.weight", "3.bias")
    arrays = (given["w1"].T, given["b1"], given["w2"].T, given["b2"])
    start({name: torch.from_numpy(each) for name, each in zip(names, arrays)})
    rate, program.model[2].p = program.model[2].p, 0.0
    outputs = program.predict(program.model)
    losses, rates = [], []
    for step in range(6):
        rates.append(program.optimizer.param_groups[0]["lr"])
        losses += program.train(1)
        program.save_checkpoint("given.pt", step)
        program.train(1)  # for nothing
        program.load_checkpoint("given.pt")

    kept = program.model.state_dict()
    program.train(1)
    linear = torch.nn.Linear
    shallow = torch.nn.Sequential(linear(4, 16)).to(program.device)
    named = torch.nn.ModuleDict({name: linear(4, 4) for name in "ba"}).state_dict()
    renamed = torch.nn.ModuleDict({name: linear(4, 4) for name in "cd"})
    narrow = program.build_model(width=8)
    torch.save(program.model, "whole.pt")
    return {
        "resumed equals uninterrupted, bit by bit": program.resumed
        == again
        == program.uninterrupted,
        "the newest checkpoint is of epoch": epoch,
        "the newest checkpoint goes on the same way": next_epoch == program.following,
        "checkpoints that are kept": len(program.kept),
        "the loaded weights are those of the file": as_saved,
        "the weights alone resume exactly": from_weights == program.uninterrupted,
        "rate of dropout": rate,
        "outputs of the same weights": outputs,
        "losses of 3 steps, each from a file": np.float32(losses[:3]),
        "rates of 6 steps, each from a file": np.float32(rates),
        "losses of 3 steps after the rate has fallen": np.float32(losses[3:]),
        "another width raises": raises(
            RuntimeError, "size mismatch", narrow.load_state_dict, weights
        ),
        "the model with fewer layers holds the file's first": torch.equal(
            program.shallow[0].weight.cpu(), weights["0.weight"].cpu()
        ),
        "code in the file is refused by default": raises(
            pickle.UnpicklingError, "Weights only load failed", torch.load, "whole.pt"
        ),
        "the file rebuilds the model without its source": callable(weights),
        "the saved training holds dropout's random state": "rng" in checkpoint,
        "a model with fewer layers raises": raises(
            RuntimeError, "Unexpected key", shallow.load_state_dict, weights
        ),
        "layers of other names raise": raises(
            RuntimeError, "Missing key", renamed.load_state_dict, named
        ),
        "the weights' file holds the optimizer's state": len(weights) > 4,
        "weights kept in a variable follow the next step": torch.equal(
            kept["0.weight"], program.model[0].weight
        ),
    }


def tensorflow(program, given):
    import keras

    load = keras.saving.load_model
    restored = program.checkpoint.restore(program.manager.latest_checkpoint)
    restored.assert_consumed()
    epoch = int(program.epoch.numpy())
    next_epoch = program.train(1)

    alone = program.build_model()
    alone.load_weights("model.weights.h5")
    alone.compile(program.build_optimizer(), "mse")
    as_saved = all(
        map(np.array_equal, program.fresh.get_weights(), alone.get_weights())
    )
    program.model = alone
    state = alone.layers[1].seed_generator.state
    state.assign(np.load("dropout_state.npy"))
    from_weights = program.train(3)

    build_model = program.build_model
    del program.build_model  # the file holds the architecture
    program.model = load("model.keras")
    in_the_file = np.array_equal(
        program.model.layers[1].seed_generator.state, np.load("dropout_state.npy")
    )
    program.model.layers[1].seed_generator.state.assign(np.load("dropout_state.npy"))
    again = program.train(3)

    # Dropout draws differ between the frameworks: off from here on.
    inputs = program.inputs = given["inputs"]
    program.targets = inputs[:, :1] * inputs[:, 1:2]
    model = program.model = build_model()
    rate, model.layers[1].rate = model.layers[1].rate, 0.0
    model.layers[0].set_weights([given["w1"], given["b1"]])
    model.layers[2].set_weights([given["w2"], given["b2"]])
    model.compile(program.build_optimizer(), "mse")
    outputs = program.predict(model)
    losses, rates = [], []
    for _ in range(6):
        rates.append(float(program.model.optimizer.learning_rate))
        losses += program.train(1)
        program.model.save("given.keras")
        program.train(1)  # for nothing
        program.model = load("given.keras")

    kept = program.model.get_weights()
    program.train(1)

    def layers(names):
        dense = [keras.layers.Dense(4, name=name) for name in names]
        return keras.Sequential([keras.Input((4,)), *dense])

    shallow = keras.Sequential([keras.Input((4,)), keras.layers.Dense(16)])
    narrow, file = build_model(width=8), "model.weights.h5"
    holds_optimizer = "optimizer" in keras.saving.KerasFileEditor(file).weights_dict
    layers("ba").save_weights("named.weights.h5")
    double = keras.layers.Lambda(lambda x: 2 * x)
    keras.Sequential([program.model, double]).save("code.keras")
    return {
        "resumed equals uninterrupted, bit by bit": program.resumed
        == again
        == program.uninterrupted,
        "the newest checkpoint is of epoch": epoch,
        "the newest checkpoint goes on the same way": next_epoch == program.following,
        "checkpoints that are kept": len(program.manager.checkpoints),
        "the loaded weights are those of the file": as_saved,
        "the weights alone resume exactly": from_weights == program.uninterrupted,
        "rate of dropout": rate,
        "outputs of the same weights": outputs,
        "losses of 3 steps, each from a file": np.float32(losses[:3]),
        "rates of 6 steps, each from a file": np.float32(rates),
        "losses of 3 steps after the rate has fallen": np.float32(losses[3:]),
        "another width raises": raises(
            ValueError, "could not be loaded", narrow.load_weights, file
        ),
        "the model with fewer layers holds the file's first": np.array_equal(
            program.shallow.layers[0].kernel, program.fresh.layers[0].kernel
        ),
        "code in the file is refused by default": raises(
            ValueError, "is a Python lambda", load, "code.keras"
        ),
        "the file rebuilds the model without its source": callable(program.model),
        "the saved training holds dropout's random state": in_the_file,
        "a model with fewer layers raises": raises(
            ValueError, "could not be loaded", shallow.load_weights, file
        ),
        "layers of other names raise": raises(
            ValueError, "be loaded", layers("cd").load_weights, "named.weights.h5"
        ),
        "the weights' file holds the optimizer's state": holds_optimizer,
        "weights kept in a variable follow the next step": np.array_equal(
            kept[0], program.model.get_weights()[0]
        ),
    }
