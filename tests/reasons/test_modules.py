"""Guards what stands for a method of torch.nn.Module and of PyTorch's optimizers: it runs, and does what is said."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reasons.frameworks import keras, layers, nn, tf, torch
from tests.reasons.proofs import GIVEN, proves, same

X = GIVEN["x"]


def made():
    """A model with layers in a layer, and what is not trained."""
    inner = keras.Sequential([layers.Dense(3, name="first"), layers.BatchNormalization(name="norm")], name="inner")
    return keras.Sequential([keras.Input((4,)), inner, layers.Dense(2, name="last")])


# Calls -----------------------------------------------------------------------------------------


class Scaled(layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 2))

    def call(self, x, factor=1.0):
        return x @ self.kernel * factor


@proves("torch.nn.Module.forward")
def test_forward_is_call():
    layer = Scaled()
    with pytest.raises(AttributeError):
        layer.call(X)  # nothing has built it
    same(layer(X, factor=2.0), 2 * layer(X))
    with pytest.raises(ValueError, match="positional"):
        layer(X, 2.0)
    seen, module = [], nn.Linear(4, 2)
    module.register_forward_hook(lambda *each: seen.append(each))
    module.forward(torch.tensor(X))
    assert not seen
    module(torch.tensor(X))
    assert len(seen) == 1


class Dropping(layers.Layer):
    def __init__(self):
        super().__init__()
        self.drop = layers.Dropout(0.5)

    def call(self, x, training=False):
        return self.drop(x)


@proves("torch.nn.Module.training")
def test_training_is_an_argument_that_is_handed_on():
    layer = Dropping()
    same(layer(X), X)
    assert (layer(X, training=True).numpy() == 0).any()
    assert (nn.Dropout(0.5)(torch.tensor(X)) == 0).any()
    assert nn.Dropout(0.5).training


@proves("torch.nn.Module.zero_grad", "torch.optim.Optimizer.zero_grad")
def test_gradients_of_a_tape_are_not_added_to_others():
    variable, weight = keras.Variable([2.0]), nn.Parameter(torch.tensor([2.0]))
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = variable * variable
        same(tape.gradient(loss, variable.value), np.float32([4.0]))
        (weight * weight).sum().backward()
    assert weight.grad.tolist() == [8.0]
    assert not hasattr(variable, "grad")
    torch.optim.SGD([weight]).zero_grad()
    assert weight.grad is None


@proves("torch.nn.Module.register_forward_hook", says="gives what the hook would see")
def test_a_model_up_to_a_layer_gives_what_a_hook_would_see():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="relu"), layers.Dense(2)])
    layer = model.layers[0]
    same(keras.Model(model.inputs, layer.output)(X), layer(X))
    with pytest.raises(AttributeError):  # of a layer that many calls share, or of none
        _ = layers.Dense(2).output
    assert not hasattr(layer, "register_forward_hook")


@proves("torch.nn.Module.register_forward_pre_hook")
def test_a_model_up_to_the_input_of_a_layer_gives_what_a_hook_before_it_would_see():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])
    layer = model.layers[1]
    same(keras.Model(model.inputs, layer.input)(X), model.layers[0](X))


@proves("torch.nn.Module.register_full_backward_hook")
def test_a_tape_gives_the_gradient_of_the_output_of_a_layer():
    first, last, seen = layers.Dense(3), layers.Dense(2), []
    first.build((None, 4)), last.build((None, 3))
    ours = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    for module, layer in zip(ours, (first, last)):
        module.weight.data, module.bias.data = torch.tensor(layer.kernel.numpy().T), torch.tensor(layer.bias.numpy())
    ours[0].register_full_backward_hook(lambda module, inputs, outputs: seen.append(outputs[0]))
    (ours(torch.tensor(X)) ** 2).sum().backward()
    with tf.GradientTape() as tape:
        output = first(X)
        tape.watch(output)
        loss = tf.reduce_sum(last(output) ** 2)
    assert isinstance(tape, tf.GradientTape)
    same(seen[0], tape.gradient(loss, output), rtol=1e-4)


# What a module has -----------------------------------------------------------------------------


@proves("torch.nn.Module.state_dict", "torch.nn.Module.load_state_dict")
def test_weights_are_arrays_in_order():
    model, other = made(), made()
    arrays = model.get_weights()
    assert {type(each) for each in arrays} == {np.ndarray}
    assert [each.shape for each in arrays][:2] == [(4, 3), (3,)]  # PyTorch: 3 × 4
    other.set_weights(arrays)
    same(other(X), model(X))


@proves("torch.nn.Module.named_parameters")
def test_trainable_variables_have_a_name_and_a_path():
    model = made()
    assert [each.name for each in model.trainable_variables] == ["kernel", "bias", "gamma", "beta", "kernel", "bias"]
    assert model.trainable_variables[0].path.endswith("inner/first/kernel")


@proves("torch.nn.Module.named_buffers", "keras.Layer.non_trainable_variables")
def test_weights_that_are_not_trained_are_not_all_variables_that_are_not():
    model, module = made(), nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Dropout())
    assert [each.name for each in model.non_trainable_weights] == ["moving_mean", "moving_variance"]
    assert model.non_trainable_weights[0].path.endswith("inner/norm/moving_mean")
    model.layers[1].trainable = False
    assert len(model.non_trainable_weights) == 4
    model.layers[1].trainable = True
    assert len(list(module.buffers())) == 3  # nn.BatchNorm1d counts the batches too
    dropping = layers.Dropout(0.5)
    assert not dropping.non_trainable_weights
    assert "seed" in dropping.non_trainable_variables[0].name
    dropped = keras.Sequential([keras.Input((4,)), model, dropping])
    assert len(dropped.non_trainable_variables) == len(dropped.non_trainable_weights) + 1


@proves("torch.nn.Module.modules", "torch.nn.Module.named_modules", says="one level deep")
def test_layers_are_one_level_deep():
    model = made()
    layer = model
    assert [each.name for each in model.layers] == ["inner", "last"]
    assert {"inner", "first", "norm", "last"} <= {each.name for each in layer._flatten_layers()}
    assert model.layers[0].path.endswith("inner")


@proves("torch.nn.Module.children", "torch.nn.Module.named_children", "keras.Model.layers")
def test_layers_are_children():
    model = made()
    assert isinstance(model.layers, list)
    assert model.layers[1].name == "last"
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU())
    assert list(model.children()) == [model[0], model[1]]


@proves("torch.nn.Module.get_submodule", says="one level deep")
def test_a_layer_is_found_one_level_deep():
    model, name = made(), "last"
    assert model.get_layer(name) is model.layers[1]
    with pytest.raises(ValueError, match="No such layer"):
        model.get_layer("first")
    assert nn.Sequential(nn.Sequential(nn.ReLU())).get_submodule("0.0")


@proves("torch.nn.Module.get_parameter")
def test_a_weight_is_found_by_its_path():
    model = made()
    (found,) = [each for each in model.weights if each.path == f"{model.name}/inner/first/kernel"]
    assert found.shape == (4, 3)


@proves("torch.nn.Module.apply")
def test_a_loop_over_layers_and_an_initializer_set_weights():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.Dense(2)])
    for layer in model.layers:
        layer.kernel.assign(tf.ones_like(layer.kernel))
    assert all((layer.kernel.numpy() == 1).all() for layer in model.layers)
    layer = layers.Dense(2, kernel_initializer="ones")
    layer.build((None, 4))
    assert (layer.kernel.numpy() == 1).all()


class Holding(layers.Layer):
    def __init__(self):
        super().__init__()
        self.mean = self.add_weight(shape=(2,), name="mean", trainable=False)
        self.scale = self.add_weight(shape=(2,), name="scale")
        self.plain = tf.zeros(2)
        for name in ("first", "last"):
            setattr(self, name, layers.Dense(2))


@proves("torch.nn.Module.register_buffer", "torch.nn.Module.register_parameter", "torch.nn.Buffer")
def test_add_weight_holds_what_is_saved():
    self = Holding()
    assert [each.name for each in self.trainable_weights] == ["scale"]
    assert [each.name for each in self.non_trainable_weights] == ["mean"]
    assert not [each for each in self.weights if each is self.plain]
    self.add_weight(shape=(1,), trainable=False)
    assert len(self.non_trainable_weights) == 2
    module = nn.Module()
    module.held = nn.Buffer(torch.zeros(2))
    assert list(module.state_dict()) == ["held"]
    assert not list(module.parameters())


@proves("torch.nn.Module.add_module", "torch.nn.Module.register_module")
def test_a_layer_that_is_an_attribute_is_tracked():
    self = Holding()
    setattr(self, "third", layer := layers.Dense(1))  # noqa: B010
    layer.build((None, 2))
    assert any(each is layer for each in self._layers)
    assert any(each is layer.kernel for each in self.weights)


@proves("torch.nn.Linear.weight", "torch.nn.Linear.bias", says="once the layer is built")
def test_a_kernel_is_a_weight_transposed():
    layer, module = layers.Dense(2), nn.Linear(4, 2)
    assert not layer.built
    assert getattr(layer, "bias", None) is None
    layer.build((None, 4))
    layer.kernel.assign(module.weight.detach().numpy().T)
    layer.bias.assign(module.bias.detach().numpy())
    same(module(torch.tensor(X)), layer(X))


@proves("torch.nn.Embedding.weight", says="once the layer is built")
def test_embeddings_are_a_weight():
    layer, self = layers.Embedding(7, 3), layers.Layer()
    assert not hasattr(layer, "embeddings") or not layer.built
    layer(GIVEN["ids"])
    module = nn.Embedding.from_pretrained(torch.tensor(layer.embeddings.numpy()))
    same(module(torch.tensor(GIVEN["ids"])), layer(GIVEN["ids"]))
    self.add_weight(shape=(7, 3))
    assert len(self.weights) == 1


# Devices and types -----------------------------------------------------------------------------


@proves("torch.nn.Module.to", "torch.nn.Module.cuda", says="TensorFlow uses a GPU if there is one")
def test_a_layer_goes_to_no_device():
    there = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    layer = layers.Dense(2, dtype="float16")
    assert there in layer(X).device
    assert layer(X).dtype == layer.kernel.dtype == "float16"
    assert not hasattr(layer, "to")


@proves("torch.nn.Module.cpu", "torch.device")
def test_a_device_is_said_of_a_block():
    with tf.device("/CPU:0"):
        assert tf.ones(2).device.endswith("CPU:0")
    assert torch.device("cpu").type == "cpu"


@proves("torch.nn.Module.float", "torch.nn.Module.half", "torch.nn.Module.bfloat16")
def test_a_layer_has_its_dtype_when_it_is_made():
    before = keras.config.dtype_policy()
    assert layers.Dense(2)(X).dtype == "float32"
    try:
        keras.config.set_dtype_policy("bfloat16")
        assert layers.Dense(2)(X).dtype == "bfloat16"
        assert layers.Dense(2, dtype="float32")(X).dtype == "float32"
    finally:
        keras.config.set_dtype_policy(before)
    for dtype in ("float16", "bfloat16"):
        layer = layers.Dense(2, dtype=dtype)
        assert layer(X).dtype == layer.kernel.dtype == dtype


@proves("torch.nn.Module.compile")
def test_fit_compiles_by_itself():
    traced = []

    class Traced(layers.Layer):
        def call(self, x):
            traced.append(tf.inside_function())
            return x

    model = keras.Sequential([keras.Input((4,)), Traced(), layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=True)
    traced.clear()
    model.fit(np.tile(X, (10, 1)), np.zeros(30), batch_size=3, verbose=0)
    assert traced == [True] * len(traced)
    assert 0 < len(traced) < 10
    assert model.jit_compile
    assert isinstance(tf.function(len), tf.types.experimental.PolymorphicFunction)
