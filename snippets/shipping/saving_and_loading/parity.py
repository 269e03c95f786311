"""Same weights through a file: outputs, resumed losses, and what each file refuses."""

import numpy as np

DIFFERENT = {
    "the file rebuilds the model without its source": "a state_dict holds names and "
    "tensors; a .keras file holds the architecture too",
    "a model with fewer layers raises": "load_state_dict is strict about names that "
    "are left over; load_weights ignores what the file has more",
    "layers of other names raise": "load_state_dict pairs tensors by name; "
    "load_weights pairs layers by class and order",
    "the weights' file holds the optimizer's state": "a state_dict belongs to one "
    "object, model or optimizer; save_weights of a compiled model writes both",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.5, (4, 16)).astype("float32"),
        "b1": rng.normal(0, 0.1, 16).astype("float32"),
        "w2": rng.normal(0, 0.3, (16, 1)).astype("float32"),
        "b2": rng.normal(0, 0.1, 1).astype("float32"),
        "x": rng.normal(size=(64, 4)).astype("float32"),
    }


def raises(function, *arguments):
    try:
        function(*arguments)
    except Exception:
        return np.array(True)
    return np.array(False)


def pytorch(program, given):
    import torch

    x = program.x = torch.from_numpy(given["x"])
    program.y = x[:, :1] * x[:, 1:2]

    def new():
        model = program.build()
        return model, program.new_optimizer(model)

    model, optimizer = new()
    with torch.no_grad():
        for name, weight in zip(("w1", "b1", "w2", "b2"), model.parameters()):
            weight.copy_(torch.from_numpy(given[name].T))
    first = program.train(model, optimizer, 3)
    torch.save(model.state_dict(), "weights.pt")
    both = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(both, "both.pt")
    uninterrupted = program.train(model, optimizer, 3)

    weights = torch.load("weights.pt")
    alone, fresh_optimizer = new()
    alone.load_state_dict(weights)
    outputs = alone(x).detach()
    from_weights = program.train(alone, fresh_optimizer, 3)

    both = torch.load("both.pt")
    model, optimizer = new()
    model.load_state_dict(both["model"])
    optimizer.load_state_dict(both["optimizer"])
    resumed = program.train(model, optimizer, 3)

    shallow = torch.nn.Sequential(torch.nn.Linear(4, 16))
    narrow = program.build(width=8)
    named = torch.nn.ModuleDict({name: torch.nn.Linear(4, 4) for name in "ba"})
    named = named.state_dict()
    renamed = torch.nn.ModuleDict({name: torch.nn.Linear(4, 4) for name in "cd"})
    torch.save(model, "pickled.pt")
    return {
        "outputs after loading the weights": outputs,
        "losses of 6 steps": np.float32(first + uninterrupted),
        "losses of 3 steps, resumed": np.float32(resumed),
        "resumed equals uninterrupted, bit by bit": np.array(resumed == uninterrupted),
        "losses of 3 steps, from the weights alone": np.float32(from_weights),
        "the weights alone resume exactly": np.array(from_weights == uninterrupted),
        "another width raises": raises(narrow.load_state_dict, weights),
        "code in the file is refused by default": raises(torch.load, "pickled.pt"),
        "the file rebuilds the model without its source": np.array(callable(weights)),
        "a model with fewer layers raises": raises(shallow.load_state_dict, weights),
        "layers of other names raise": raises(renamed.load_state_dict, named),
        "the weights' file holds the optimizer's state": np.array(len(weights) > 4),
    }


def tensorflow(program, given):
    import keras

    x = program.x = given["x"]
    program.y = x[:, :1] * x[:, 1:2]

    def new():
        model = program.build()
        model.compile(program.new_optimizer(), "mse")
        return model

    model = new()
    model.set_weights([given[name] for name in ("w1", "b1", "w2", "b2")])
    first = program.train(model, 3)
    model.save_weights("saved.weights.h5")
    model.save("both.keras")
    uninterrupted = program.train(model, 3)

    narrow = program.build(width=8)
    alone = program.build()
    alone.load_weights("saved.weights.h5")
    outputs = alone(x)
    alone.compile(program.new_optimizer(), "mse")
    from_weights = program.train(alone, 3)

    del program.build  # the file holds the architecture
    model = keras.saving.load_model("both.keras")
    resumed = program.train(model, 3)

    shallow = keras.Sequential([keras.Input((4,)), keras.layers.Dense(16)])
    file = "saved.weights.h5"
    holds_optimizer = "optimizer" in keras.saving.KerasFileEditor(file).weights_dict
    named = keras.Sequential(
        [keras.Input((4,))] + [keras.layers.Dense(4, name=name) for name in "ba"]
    )
    renamed = keras.Sequential(
        [keras.Input((4,))] + [keras.layers.Dense(4, name=name) for name in "cd"]
    )
    named.save_weights("named.weights.h5")
    double = keras.layers.Lambda(lambda x: 2 * x)
    keras.Sequential([model, double]).save("code.keras")
    load = keras.saving.load_model
    return {
        "outputs after loading the weights": outputs,
        "losses of 6 steps": np.float32(first + uninterrupted),
        "losses of 3 steps, resumed": np.float32(resumed),
        "resumed equals uninterrupted, bit by bit": np.array(resumed == uninterrupted),
        "losses of 3 steps, from the weights alone": np.float32(from_weights),
        "the weights alone resume exactly": np.array(from_weights == uninterrupted),
        "another width raises": raises(narrow.load_weights, file),
        "code in the file is refused by default": raises(load, "code.keras"),
        "the file rebuilds the model without its source": np.array(callable(model)),
        "a model with fewer layers raises": raises(shallow.load_weights, file),
        "layers of other names raise": raises(renamed.load_weights, "named.weights.h5"),
        "the weights' file holds the optimizer's state": np.array(holds_optimizer),
    }
