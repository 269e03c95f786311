"""One Keras model on both: outputs, gradients, steps, files, and either file under the other."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys

import numpy as np

DIFFERENT = {
    "first weights after set_random_seed(0)": "each backend draws with its own generator",
    "a compiled file names keras.optimizers": "on PyTorch, Keras has optimizers of its "
    "own, and the file names a module of its backend",
    "training a layer that calls TensorFlow raises": "TensorFlow takes no tensor that "
    "PyTorch follows",
    "exporting a SavedModel raises": "from PyTorch, Keras goes through torch_xla, and "
    "fails before it at a batch of open size",
    "exporting a .pt2 raises": "it is PyTorch's format",
    "an export without options takes a batch of 50": "Keras exports a .pt2 for a batch of "
    "1; a SavedModel's batch is open",
}


def inputs():
    rng = np.random.default_rng(0)

    def normal(*shape):
        return rng.normal(0, 0.3, shape).astype("float32")

    one, some = np.ones(8, "float32"), normal(8)
    return {
        "model": [
            normal(3, 3, 1, 8),
            some,
            one + 0.1 * some,
            some,
            some,
            one + some**2,
            normal(128, 10),
            normal(10),
        ],
        "lstm": [normal(8, 24), normal(6, 24), normal(24)],
        "gru": [normal(8, 18), normal(6, 18), normal(2, 18)],
        "attention": [normal(8, 2, 4), normal(2, 4)] * 3 + [normal(2, 4, 8), normal(8)],
        "stride": [normal(3, 3, 1, 4), normal(4)],
        "transposed": [normal(3, 3, 2, 1), normal(2)],
        "x": rng.random((150, 8, 8, 1), dtype="float32"),
        "y": rng.integers(0, 10, 150),
    }


def raises(error, part, function, *arguments, **options):
    """Whether it raises this error; its message then has this part."""
    try:
        function(*arguments, **options)
    except error as raised:
        message = str(raised)
    else:
        return np.array(False)
    assert part in message, message
    return np.array(True)


def built(program, given):
    """The model with the given weights, and without dropout: each backend draws its own."""
    model = program.build()
    model.layers[-2].rate = 0
    model.set_weights(given["model"])
    return model


def compiled(model):
    import keras

    model.compile(
        keras.optimizers.Adam(learning_rate=0.01, name="adam"),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model


def losses(model, given):
    """Of three epochs of three batches, always in the same order."""
    options = {"batch_size": 50, "epochs": 3, "shuffle": False, "verbose": 0}
    fitted = model.fit(given["x"], given["y"], **options)
    return np.float32(fitted.history["loss"])


def layers(given):
    """Layers that the frameworks do not compute alike by themselves."""
    from keras import layers, ops

    sequence = given["x"][:, :, :, 0]
    found = {}
    for name, layer, arguments in (
        ("lstm", layers.LSTM(6), (sequence,)),
        ("gru", layers.GRU(6), (sequence,)),
        ("attention", layers.MultiHeadAttention(2, 4), (sequence, sequence)),
        ("stride", layers.Conv2D(4, 3, strides=2, padding="same"), (given["x"],)),
        (
            "transposed",
            layers.Conv2DTranspose(2, 3, strides=2, padding="same"),
            (given["x"],),
        ),
    ):
        layer(*arguments)
        layer.set_weights(given[name])
        found[f"outputs: {name}"] = ops.convert_to_numpy(layer(*arguments)[:20])
    return found


def facts(program, given):
    """What Keras is asked in the same words, whatever it stands on."""
    import keras

    class Own(keras.layers.Layer):
        def call(self, x):
            return keras.ops.relu(x)

    class TensorFlows(keras.layers.Layer):
        def call(self, x):
            import tensorflow as tf

            return tf.nn.relu(x)

    def train(layer):
        dense = keras.layers.Dense(4, kernel_initializer="ones")
        model = keras.Sequential([keras.Input((3,)), dense, layer])
        model.compile("sgd", "mse")
        before = model.get_weights()[0].copy()
        model.fit(np.ones((2, 3)), np.ones((2, 4)), verbose=0)
        if np.array_equal(model.get_weights()[0], before):
            raise ValueError("nothing has learnt")

    model = built(program, given)
    outputs = model.predict(given["x"], verbose=0)
    mean = model.get_layer("norm").moving_mean
    moved = []
    for training in (None, False, True):
        before = mean.numpy().copy()
        model(given["x"], training=training)
        moved.append(not np.array_equal(mean.numpy(), before))
    model.set_weights(given["model"])
    model.save("plain.keras")

    fitted = losses(compiled(model), given)
    names = [each.path for each in model.optimizer.variables]
    adam = [np.array(each) for each in model.optimizer.variables]
    model.save("compiled.keras")
    model.save_weights("compiled.weights.h5")
    again = losses(model, given)

    first, second = program.build(), program.build()
    seeded = []
    for _ in range(2):
        keras.utils.set_random_seed(0)
        seeded.append(program.build().get_weights()[0])
    return {
        "outputs of 150 images": outputs,
        **layers(given),
        "losses of 3 epochs with Adam": fitted,
        "steps and rate of Adam": np.float32([adam[0], adam[1]]),
        "moments of Adam: conv": np.concatenate([each.ravel() for each in adam[2:4]]),
        "names of Adam's state": np.array(names),
        "losses of 3 more epochs": again,
        "epsilon of Adam": np.array(str(model.optimizer.epsilon)),
        "where the channels are": np.array(keras.config.image_data_format()),
        "a call moves the running mean: plain, False, True": np.array(moved),
        "a second model has the same names": np.array(
            [each.path for each in first.variables]
            == [each.path for each in second.variables]
        ),
        "first weights after set_random_seed(0)": seeded[0],
        "the same after set_random_seed(0) once more": np.array(
            np.array_equal(*seeded)
        ),
        "a compiled file names keras.optimizers": np.array(
            optimizer_in("compiled.keras") == "keras.optimizers"
        ),
        "training a layer that calls keras.ops raises": raises(
            ValueError, "nothing has learnt", train, Own()
        ),
        "training a layer that calls TensorFlow raises": raises(
            RuntimeError, "requires grad", train, TensorFlows()
        ),
        "exporting a SavedModel raises": raises(
            RuntimeError,
            "dynamic_shapes",
            model.export,
            "saved",
            format="tf_saved_model",
            verbose=False,
        ),
        "exporting a .pt2 raises": raises(
            ValueError,
            "Torch export requires PyTorch",
            model.export,
            "saved.pt2",
            format="torch",
            verbose=False,
        ),
    } | elsewhere(program, given, outputs, again)


def optimizer_in(file):
    """The module in which a compiled file looks for the class of its optimizer."""
    import json
    import zipfile

    with zipfile.ZipFile(file) as parts:
        config = json.loads(parts.read("config.json"))
    return config["compile_config"]["optimizer"]["module"]


def elsewhere(program, given, outputs, again):
    """The same files in a process with the other backend alone, where that is installed.

    What they give there is held against `outputs` and the losses `again` of this process;
    the program's own two files, against its model.
    """
    import keras

    own = keras.backend.backend()
    other = {"torch": "tensorflow", "tensorflow": "torch"}[own]
    if not importlib.util.find_spec(other):
        return {}
    np.savez("data.npz", x=given["x"], y=given["y"])
    command = [sys.executable, __file__, other, own]
    done = subprocess.run(command, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found = dict(np.load("elsewhere.npz"))
    shown = program.moved.predict(given["x"], verbose=0)
    np.testing.assert_allclose(found.pop("shown"), shown, rtol=1.3e-6, atol=1e-5)
    assert found.pop("steps") == program.moved.optimizer.iterations.numpy()
    for here, there in zip((outputs, again), found.values()):
        np.testing.assert_allclose(there, here, rtol=1.3e-6, atol=1e-5)
    # A compiled file from PyTorch names a class that needs PyTorch.
    assert found.pop("opened") == (own == "tensorflow")
    if other == "tensorflow":
        import tensorflow as tf

        data = tf.data.Dataset.from_tensor_slices((given["x"], given["y"])).batch(50)
    else:
        import torch

        pair = (torch.from_numpy(given[name]) for name in "xy")
        pair = torch.utils.data.TensorDataset(*pair)
        data = torch.utils.data.DataLoader(pair, batch_size=50)
    model = compiled(built(program, given))
    fitted = model.fit(data, epochs=3, shuffle=False, verbose=0).history["loss"]
    return found | {"losses with the other framework's loader": np.float32(fitted)}


def under(backend, without):
    """Loads what the program's side has saved, as on a machine without its framework."""
    os.environ["KERAS_BACKEND"] = backend

    class Finder(importlib.machinery.PathFinder):
        @classmethod
        def find_spec(cls, name, path=None, target=None):
            if name.partition(".")[0] != without:
                return super().find_spec(name, path, target)

    found = sys.meta_path.index(importlib.machinery.PathFinder)
    sys.meta_path[found] = Finder
    import keras

    assert raises(ModuleNotFoundError, without, importlib.import_module, without)

    given = np.load("data.npz")
    model = keras.saving.load_model("plain.keras", compile=False)
    outputs = model.predict(given["x"], verbose=0)
    shown, trained = both_files("digits"), both_files("compiled")
    again = losses(trained, given)
    try:
        keras.saving.load_model("compiled.keras")
        opened = True
    except TypeError:
        opened = False
    np.savez(
        "elsewhere.npz",
        **{
            "outputs of the file under the other backend": outputs,
            "losses of 3 more epochs under the other backend": again,
            "opened": opened,
            "shown": shown.predict(given["x"], verbose=0),
            "steps": shown.optimizer.iterations.numpy(),
        },
    )


def both_files(name):
    """The model with its optimizer from the two files, as the cell that moves them does."""
    import keras

    model = compiled(keras.saving.load_model(f"{name}.keras", compile=False))
    model.optimizer.build(model.trainable_variables)
    model.load_weights(f"{name}.weights.h5")
    return model


def of_the_run(program, images, steps, rate):
    """What trained and tested the program's own model, and what it moved."""
    logits = program.model.predict(program.x, verbose=0)
    chosen = logits[np.arange(1797), program.y]
    each = np.log(np.exp(logits.astype("float64")).sum(axis=1)) - chosen
    score = (logits[1500:].argmax(axis=1) == program.y[1500:]).mean()
    moved, weights = program.moved.get_weights(), program.model.get_weights()
    return {
        "images of an epoch, each pixel sorted": np.sort(images, axis=0),
        "steps of its own loop": np.array(int(steps)),
        "rate of its own loop": np.float32(rate),
        "tested on so many": np.array(len(program.correct)),
        "trained on the first 1500: a lower loss there": np.array(
            each[:1500].mean() < each[1500:].mean()
        ),
        "the score of fit is of the last 297": np.isclose(program.accuracy, score),
        "the two files carry every weight": np.array(
            all(map(np.array_equal, moved, weights))
        ),
        "they carry the state of Adam": np.array(
            all(
                np.array_equal(np.array(one), np.array(two))
                for one, two in zip(
                    program.moved.optimizer.variables, program.model.optimizer.variables
                )
            )
        ),
    }


def trained(model, gradients):
    """What a loop of the framework's own gave."""
    weights = model.get_weights()
    return {
        "gradients: conv": gradients[0][0],
        "gradients: norm": gradients[0][2],
        "gradients: head": gradients[0][4],
        "weights after 3 steps of its own loop: conv": weights[0],
        "weights after 3 steps of its own loop: head": weights[6],
        "running mean after them": weights[4],
        "running variance after them": weights[5],
    }


def pytorch(program, given):
    import torch

    loop, first = program.optimizer, program.model.get_layer("conv").kernel.value
    images = torch.cat([inputs for inputs, _ in program.train_loader]).numpy()
    group, steps = loop.param_groups[0], loop.state[first]["step"]
    ran = of_the_run(program, images, steps, group["lr"])
    model, device = built(program, given), program.device
    x, y = (torch.from_numpy(given[name]).to(device) for name in "xy")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    gradients = []
    for batch in torch.arange(150).split(50):
        program.train_step(model, optimizer, x[batch], y[batch])
        gradients.append([each.value.grad.clone() for each in model.trainable_weights])

    first, second = program.build(), program.build()
    assert raises(
        RuntimeError, "Missing key(s)", second.load_state_dict, first.state_dict()
    )
    flat = x.flatten(1)
    one, two = (program.wrapped(flat, training=False) for _ in range(2))
    assert torch.equal(one, two)
    one, two = (program.wrapped.predict(flat, verbose=0) for _ in range(2))
    assert np.array_equal(one, two)
    model.export("one.pt2", format="torch", verbose=False)
    exported = torch.export.load("one.pt2").module()
    exported(x[:1])
    return ran | trained(model, gradients) | {
        "an export without options takes a batch of 50": ~raises(
            AssertionError, "size()[0] == 1", exported, x[:50]
        ),
    } | facts(program, given)


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    loop = program.optimizer
    images = np.concatenate([inputs for inputs, _ in program.train_ds])
    rate = loop.learning_rate.numpy()
    ran = of_the_run(program, images, loop.iterations.numpy(), rate)
    model, loss_fn = built(program, given), program.loss_fn
    optimizer = keras.optimizers.SGD(learning_rate=0.1)
    optimizer.build(model.trainable_variables)
    gradients = []
    for start in range(0, 150, 50):
        x, y = given["x"][start : start + 50], given["y"][start : start + 50]
        # The tape's forward moves the running statistics, and so does the step.
        statistics = model.get_layer("norm").get_weights()
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        gradients.append(tape.gradient(loss, model.trainable_variables))
        model.get_layer("norm").set_weights(statistics)
        program.train_step(model, optimizer, x, y)

    model.export("one", verbose=False)
    exported = tf.saved_model.load("one")
    return ran | trained(model, gradients) | {
        "an export without options takes a batch of 50": ~raises(
            TypeError, "shape=(None, 8, 8, 1)", exported.serve, given["x"][:50]
        ),
    } | facts(program, given)


if __name__ == "__main__":
    under(*sys.argv[1:])
