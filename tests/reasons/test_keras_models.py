"""Guards what stands for a method of keras.Model, keras.Layer and Keras' optimizers: it runs, and does what is said."""

from __future__ import annotations

import contextlib
import io

import numpy as np

from tests.reasons.dense import X, Y, pair, weights, x, y
from tests.reasons.frameworks import F, keras, layers, nn, tf, torch
from tests.reasons.proofs import proves, same, text

# Models ----------------------------------------------------------------------------------------


@proves("keras.Model.compile", "keras.Model.fit", "keras.Model.train_on_batch")
def test_a_loop_fits():
    assert "torch.compile" in text("torch.nn.Module.compile")
    loop, module = pair()
    loop.compile(keras.optimizers.SGD(0.1), "mse")
    loop.fit(X, Y, batch_size=1, shuffle=False, epochs=2, verbose=0)
    optimizer, loss = torch.optim.SGD(module.parameters(), lr=0.1), nn.MSELoss()
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), shuffle=False)
    for _ in range(2):
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss(module(inputs), targets).backward()
            optimizer.step()
    same(weights(module), loop.get_weights())
    loop.train_on_batch(X, Y)
    optimizer.zero_grad()
    loss(module(x), y).backward()
    optimizer.step()
    same(weights(module), loop.get_weights())


@proves("keras.Model.evaluate", "keras.Model.predict")
def test_a_loop_without_gradients_evaluates_and_predicts():
    other, model = pair()
    other.compile("sgd", "mse")
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=2)
    model.eval()
    with torch.no_grad():
        total = sum(len(each) * F.mse_loss(model(each), target) for each, target in loader)
        predicted = torch.cat([model(each) for each, _ in loader])
    same(total / len(x), np.float32(other.evaluate(X, Y, batch_size=2, verbose=0)))
    same(predicted, other.predict(X, batch_size=2, verbose=0))


@proves("keras.Model.summary", says="without shapes and counts")
def test_print_shows_modules():
    other, model = pair()
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print(nn.Sequential(model, nn.ReLU()))
    assert "Linear(in_features=4, out_features=2" in out.getvalue()
    assert "10" not in out.getvalue()
    shown = []
    other.summary(print_fn=lambda line, **_: shown.append(line))
    assert "(None, 2)" in shown[0]
    assert "10" in shown[0]


@proves("keras.Model.save", "keras.Model.save_weights", "keras.Model.load_weights", "keras.Layer.set_weights")
def test_a_state_is_saved_without_the_class(tmp_path):
    (_, model), (_, module) = pair(), pair()
    path = tmp_path / "model.pt"
    torch.save(model.state_dict(), path)
    assert set(torch.load(path)) == {"weight", "bias"}
    module.load_state_dict(torch.load(path))
    same(module(x), model(x))
    model.load_state_dict(torch.load(path))


@proves("keras.Model.export", "tf.saved_model.save", "tf.saved_model.load", "torch.export.save", "torch.export.load")
def test_an_exported_model_is_saved_and_loaded(tmp_path):
    model, module = pair()
    path = tmp_path / "model.pt2"
    torch.export.save(torch.export.export(module, (x,)), path)
    same(torch.export.load(path).module()(x), module(x))
    folder = str(tmp_path / "folder")
    model.export(folder, verbose=False)
    loaded = tf.saved_model.load(folder)
    same(loaded.serve(X), module(x))
    tf.saved_model.save(model, str(tmp_path / "other"))
    assert (tmp_path / "other" / "saved_model.pb").exists()


@proves("torch.export.Dim")
def test_none_leaves_a_size_open(tmp_path):
    shapes = ({0: torch.export.Dim("batch")},)
    program = torch.export.export(nn.Linear(4, 2), (x,), dynamic_shapes=shapes)
    assert program.module()(torch.ones(5, 4)).shape == (5, 2)
    traced = []
    function = tf.function(lambda x: traced.append(x) or x, input_signature=[tf.TensorSpec([None, 4])])
    function(tf.ones((3, 4))), function(tf.ones((5, 4)))
    assert len(traced) == 1
    given = keras.Input((None, 4))
    assert keras.Model(given, layers.Dense(2)(given))(tf.ones((1, 7, 4))).shape == (1, 7, 2)


@proves("keras.Model.get_layer")
def test_a_module_is_found_by_its_name():
    model, name = nn.Sequential(nn.Sequential(nn.Linear(4, 2))), "0.0"
    assert model.get_submodule(name) is model[0][0]


# Layers ----------------------------------------------------------------------------------------


@proves("keras.Layer.build", "keras.Layer.call")
def test_weights_are_there_once_a_module_is_made():
    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.lazy = nn.LazyLinear(2)
            self.weight = nn.Parameter(torch.ones(4, 4))

        def forward(self, x, times, *, name=""):
            return self.lazy(x @ self.weight) * times

    own = Own()
    assert own.weight.shape == (4, 4)
    assert torch.nn.parameter.is_lazy(own.lazy.weight)
    assert own(x, 2, name="taken").shape == (3, 2)
    assert own.lazy.weight.shape == (2, 4)


@proves("keras.Layer.add_weight", "keras.Layer.weights", "keras.Layer.trainable_weights", "tf.Module.variables")
def test_parameters_and_buffers_are_the_weights():
    self, tensor = nn.BatchNorm1d(4), torch.ones(2)
    self.name = nn.Parameter(tensor)
    module, name = self, "held"
    self.register_buffer(name, tensor)
    assert len(list(module.parameters())) == 3
    assert {"name", "held"} <= set(module.state_dict())
    module.weight.requires_grad_(False)
    trained = [p for p in module.parameters() if p.requires_grad]
    assert len(trained) == 2
    layer = layers.BatchNormalization()
    layer.build((None, 4))
    assert len(layer.weights) == 4  # PyTorch has a count of batches besides
    assert len([*nn.BatchNorm1d(4).parameters(), *nn.BatchNorm1d(4).buffers()]) == 5
    own = layers.Layer()
    held = own.add_weight(shape=(2,), trainable=False)
    assert own.non_trainable_weights == [held]
    part = tf.Module()
    part.held = tf.Variable(1.0)
    assert len(part.variables) == 1


@proves("keras.Layer.trainable_variables", "keras.Layer.count_params")
def test_trained_parameters_are_listed_and_counted():
    model, module = pair()
    assert len([p for p in module.parameters() if p.requires_grad]) == len(model.trainable_variables)
    assert sum(p.numel() for p in module.parameters()) == model.count_params() == 10


@proves("keras.Layer.get_weights")
def test_a_state_gives_arrays():
    model, module = pair()
    found = [t.numpy() for t in module.state_dict().values()]
    same(found[0].T, model.get_weights()[0])
    same(found[1], model.get_weights()[1])


@proves("keras.Layer.trainable", says="running statistics follow module.eval()")
def test_freezing_leaves_running_statistics_to_eval():
    module, layer = nn.BatchNorm1d(4), layers.BatchNormalization()
    module.requires_grad_(False)
    module(x)
    assert (module.running_mean != 0).any()
    module.eval()
    before = module.running_mean.clone()
    module(x)
    assert torch.equal(module.running_mean, before)
    layer.trainable = False
    layer(X, training=True)
    assert not layer.moving_mean.numpy().any()


@proves("keras.Layer.get_config", "keras.layers.serialize", "keras.layers.deserialize")
def test_a_module_has_no_configuration():
    module = nn.Linear(4, 2)
    assert not [each for each in dir(module) if "config" in each.lower()]
    assert set(module.state_dict()) == {"weight", "bias"}
    config = keras.layers.serialize(layers.Dense(2))
    assert keras.layers.deserialize(config).units == layers.Dense(2).get_config()["units"] == 2
