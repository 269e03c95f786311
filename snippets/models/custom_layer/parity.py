"""Same weights: outputs, gradients; state, files and freezing of both layers."""

import numpy as np

DIFFERENT = {
    "weights exist before the first input": "a PyTorch layer is told its input size; "
    "Keras calls build with the first input",
    "the file rebuilds the layers with their sizes": "a state_dict holds tensors; a "
    ".keras file holds the configuration too",
    "a configuration that lacks an argument loads": "PyTorch's model is built by its "
    "source; Keras calls __init__ with what get_config returned",
    "a framework's plain variable in the layer is trained": "nn.Parameter registers "
    "itself; Keras knows what add_weight made, not a tf.Variable",
    "state counts among what is counted as weights": "parameters() leaves buffers out; "
    "Keras' weights hold them",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "down": rng.normal(size=(30, 2)).astype("float32"),
        "up": rng.normal(size=(2, 16)).astype("float32"),
        "bias": rng.normal(size=16).astype("float32"),
        "x": rng.normal(size=(8, 30)).astype("float32"),
        "direction": rng.normal(size=(8, 16)).astype("float32"),
        "far": rng.normal(50, 7, (8, 30)).astype("float32"),
    }


def of_start(down, up, bias):
    """How far first weights range, in parts of Glorot's limit, each (in, out)."""
    limits = [np.abs(each).max() / np.sqrt(6 / sum(each.shape)) for each in (down, up)]
    return {
        "weights start within Glorot's limit, and near it": all(
            0.5 < each <= 1 for each in limits
        ),
        "biases start at": np.array(bias),
    }


def of_the_score(program, predicted):
    """What the printed score is of, by the classes that the model predicts."""
    from sklearn.datasets import load_breast_cancer

    truth = load_breast_cancer().target[400:]
    accuracy = (predicted == truth).mean()
    return {
        "the score is of the last 169, and beats the larger class by 0.1": bool(
            np.isclose(program.accuracy, accuracy)
            and accuracy > max(truth.mean(), 1 - truth.mean()) + 0.1
        )
    }


def works(function, error, message):
    """Whether it runs; it may raise this error with these words and no other one."""
    try:
        function()
    except error as raised:
        if message not in str(raised):
            raise
        return False
    return True


def pytorch(program, given):
    import torch
    from torch import nn

    model, loaded, layer = program.model, program.loaded, program.layer
    fresh = program.LowRankLinear(30, 16, rank=2)
    start = of_start(*(p.detach().numpy().T for p in fresh.parameters()))
    score = of_the_score(program, program.predict(model).argmax(dim=1).numpy())
    layer.load_state_dict(
        {name: torch.from_numpy(given[name].T) for name in ("down", "up", "bias")}
    )
    output = layer(torch.from_numpy(given["x"]))
    loss = (output * torch.from_numpy(given["direction"])).sum()
    gradients = torch.autograd.grad(loss, list(layer.parameters()))
    standardize = program.Standardize(30)
    before = standardize(torch.from_numpy(given["far"]))
    standardize.adapt(torch.from_numpy(given["far"]))

    frozen, free = loaded[1].down.clone(), loaded[3].weight.clone()
    program.train(loaded, 1)

    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.by = torch.ones(3)

    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.by = nn.Parameter(torch.ones(3))

    again = program.build_model()
    again.load_state_dict(torch.load("model.pt", weights_only=True))
    return {
        **start,
        **score,
        "output": output,
        **{
            f"gradient of {name}": each.numpy().T
            for name, each in zip(("down", "up", "bias"), gradients)
        },
        "fresh state changes nothing": torch.equal(before, torch.from_numpy(given["far"])),
        "standardized by its own state": standardize(torch.from_numpy(given["far"])),
        "standardized by the run's state": model[0](program.x_test),
        "tensors of the two layers in the file": sum(
            name[0] in "01" for name in torch.load("model.pt", weights_only=True)
        ),
        "the loaded model predicts the same": torch.equal(
            program.predict(again), program.predict(model)
        ),
        "state follows the model to float64": all(
            each.dtype == torch.float64 for each in program.Standardize(3).double().buffers()
        ),
        "a plain tensor follows the model to float64": Plain().double().by.dtype
        == torch.float64,
        "a plain tensor is in the file": "by" in Plain().state_dict(),
        "what trained in the run": len(list(model.parameters())),
        "the frozen layer stays, the next one moves": torch.equal(frozen, loaded[1].down)
        and not torch.equal(free, loaded[3].weight),
        "weights exist before the first input": bool(list(fresh.parameters())),
        "the file rebuilds the layers with their sizes": callable(
            torch.load("model.pt", weights_only=True)
        ),
        "a configuration that lacks an argument loads": works(
            lambda: fresh.load_state_dict(layer.state_dict()), RuntimeError, "state_dict"
        ),
        "a framework's plain variable in the layer is trained": bool(
            list(Own().parameters())
        ),
        "state counts among what is counted as weights": bool(
            list(standardize.parameters())
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    model, loaded, layer = program.model, program.loaded, program.layer
    fresh = program.LowRankDense(16, rank=2)
    unbuilt = bool(fresh.weights)
    fresh.build((None, 30))
    start = of_start(*fresh.get_weights())
    score = of_the_score(program, program.logits.argmax(axis=1))
    layer.set_weights([given["down"], given["up"], given["bias"]])
    with tf.GradientTape() as tape:
        output = layer(given["x"])
        loss = tf.reduce_sum(output * given["direction"])
    watched = [weight.value for weight in layer.trainable_weights]
    gradients = tape.gradient(loss, watched)
    standardize = program.Standardize()
    before = standardize(given["far"])
    standardize.adapt(given["far"])

    down, free = loaded.layers[1].down.numpy(), loaded.layers[3].kernel.numpy()
    program.train(loaded, 1)
    layers = keras.layers

    class Plain(layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.by = tf.ones(3)

    class Own(layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.by = tf.Variable(tf.ones(3))

    @keras.saving.register_keras_serializable()
    class Forgetful(program.LowRankDense):
        def get_config(self):
            config = super().get_config()
            del config["rank"]
            return config

    keras.Sequential([keras.Input((30,)), Forgetful(16, 2)]).save("forgetful.keras")
    again = keras.saving.load_model("model.keras")
    double = program.Standardize(dtype="float64")
    double.build((None, 3))
    return {
        **start,
        **score,
        "output": output,
        **{
            f"gradient of {name}": each
            for name, each in zip(("down", "up", "bias"), gradients)
        },
        "fresh state changes nothing": np.array_equal(before, given["far"]),
        "standardized by its own state": standardize(given["far"]),
        "standardized by the run's state": model.layers[0](program.x_test),
        "tensors of the two layers in the file": sum(
            len(each.weights) for each in again.layers[:2]
        ),
        "the loaded model predicts the same": np.array_equal(
            again.predict(program.x_test, verbose=0), program.logits
        ),
        "state follows the model to float64": all(
            each.dtype == "float64" for each in double.weights
        ),
        "a plain tensor follows the model to float64": Plain(dtype="float64").by.dtype
        == tf.float64,
        "a plain tensor is in the file": bool(Plain().weights),
        "what trained in the run": len(model.trainable_weights),
        "the frozen layer stays, the next one moves": np.array_equal(
            down, loaded.layers[1].down
        )
        and not np.array_equal(free, loaded.layers[3].kernel),
        "weights exist before the first input": unbuilt,
        "the file rebuilds the layers with their sizes": again.layers[1].rank == 2,
        "a configuration that lacks an argument loads": works(
            lambda: keras.saving.load_model("forgetful.keras"), TypeError, "rank"
        ),
        "a framework's plain variable in the layer is trained": bool(
            Own().trainable_weights
        ),
        "state counts among what is counted as weights": bool(standardize.weights),
    }
