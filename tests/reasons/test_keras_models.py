"""Guards what stands for a method of keras.Model, keras.Layer and Keras' optimizers: it runs, and does what is said."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest

from tests.reasons.frameworks import F, keras, layers, nn, tf, torch
from tests.reasons.proofs import GIVEN, proves, same, text

X, Y = GIVEN["x"], GIVEN["y"][:, :2]
x, y = torch.tensor(X), torch.tensor(Y)


def pair():
    """One model of each framework with the same weights."""
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    module = nn.Linear(4, 2)
    model.set_weights([module.weight.detach().numpy().T, module.bias.detach().numpy()])
    return model, module


def weights(module):
    return [module.weight.T, module.bias]


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


# Optimizers ------------------------------------------------------------------------------------


@proves("keras.optimizers.Optimizer.apply", "keras.optimizers.Optimizer.apply_gradients")
def test_a_gradient_that_is_set_is_applied():
    parameter, variable = nn.Parameter(x.clone()), keras.Variable(X)
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    parameter.grad = torch.ones(3, 4)
    optimizer.step()
    other = keras.optimizers.SGD(0.1)
    other.apply([tf.ones((3, 4))], [variable])
    same(parameter, variable.value)
    other.apply_gradients([(tf.ones((3, 4)), variable)])
    optimizer.step()
    same(parameter, variable.value)
    parameter.grad = None
    parameter.sum().backward()
    assert (parameter.grad == 1).all()


@proves("torch.optim.Optimizer.step")
def test_apply_is_a_step():
    variables, optimizer = [keras.Variable([1.0])], keras.optimizers.SGD(0.1)
    gradients = [tf.constant([1.0])]
    optimizer.apply(gradients, variables)
    same(variables[0].value, np.float32([0.9]))
    model, _ = pair()
    before = model.get_weights()
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert (before[0] != model.get_weights()[0]).any()


@proves("keras.optimizers.Optimizer.build", "keras.optimizers.Optimizer.learning_rate")
def test_an_optimizer_is_given_its_parameters_and_has_its_rate():
    optimizer = torch.optim.SGD([nn.Parameter(x)], lr=0.25)
    assert optimizer.param_groups[0]["lr"] == 0.25
    with pytest.raises(ValueError, match="empty"):
        torch.optim.SGD([])
    assert float(keras.optimizers.SGD(0.25).learning_rate) == 0.25


@proves("keras.optimizers.Optimizer.iterations", "keras.optimizers.Optimizer.variables")
def test_steps_are_counted_a_parameter():
    parameter = nn.Parameter(x.clone())
    optimizer = torch.optim.Adam([parameter])
    parameter.grad = torch.ones(3, 4)
    optimizer.step(), optimizer.step()
    assert optimizer.state[parameter]["step"] == 2
    assert set(optimizer.state_dict()["state"][0]) == {"step", "exp_avg", "exp_avg_sq"}
    assert not torch.optim.SGD([parameter]).state_dict()["state"]


@proves("torch.optim.Optimizer.state_dict", "torch.optim.Optimizer.load_state_dict")
def test_a_keras_file_holds_the_optimizer(tmp_path):
    model, _ = pair()
    model.compile(optimizer := keras.optimizers.Adam(0.1), "mse")
    model.fit(X, Y, verbose=0)
    path = tmp_path / "model.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    same([each.value for each in loaded.optimizer.variables], [each.value for each in optimizer.variables])
    assert int(loaded.optimizer.iterations.numpy()) == 1


@proves("torch.optim.Optimizer.add_param_group", "torch.optim.Optimizer.param_groups")
def test_a_keras_optimizer_has_one_group():
    optimizer, one, two = keras.optimizers.SGD(0.1), keras.Variable([1.0]), keras.Variable([1.0])
    optimizer.build([one])
    with pytest.raises((KeyError, ValueError)):
        optimizer.apply([tf.constant([1.0])], [two])
    assert not hasattr(optimizer, "add_param_group")
    both = keras.optimizers.MultiOptimizer(lambda each: keras.optimizers.SGD(0.1 if each is one else 1.0))
    both.build([one, two])
    both.apply([tf.constant([1.0])] * 2)
    same([one.value, two.value], list(np.float32([[0.9], [0.0]])))
    optimizer.learning_rate = 0.5
    assert float(optimizer.learning_rate) == 0.5


@proves("torch.optim.lr_scheduler.LRScheduler.step", "torch.optim.lr_scheduler.LRScheduler.get_last_lr")
@pytest.mark.parametrize("step", [1, 3])
def test_a_schedule_counts_steps(step):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    optimizer, variable = keras.optimizers.SGD(learning_rate=schedule), keras.Variable([1.0])
    optimizer.build([variable])
    for _ in range(step):
        optimizer.apply([tf.constant([1.0])])
    assert float(optimizer.learning_rate) == pytest.approx(0.1 * 0.5**step)


@proves(
    "torch.optim.lr_scheduler.LRScheduler.state_dict",
    "torch.optim.lr_scheduler.LRScheduler.load_state_dict",
    says="has no state",
)
def test_a_schedule_has_no_state():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    before = dict(vars(schedule))
    schedule(5)
    assert vars(schedule) == before
    assert "last_epoch" in torch.optim.lr_scheduler.ConstantLR(torch.optim.SGD([nn.Parameter(x)])).state_dict()
    optimizer = keras.optimizers.SGD(schedule)
    optimizer.build([])
    optimizer.iterations.assign(3)
    assert float(optimizer.learning_rate) == pytest.approx(0.1 * 0.5**3)


# Metrics ---------------------------------------------------------------------------------------


@proves("keras.metrics.Metric.update_state", "keras.metrics.Metric.result", "keras.metrics.Metric.reset_state")
def test_totals_make_a_metric():
    metric, correct, total = keras.metrics.Accuracy(), 0, 0
    for prediction, target in (([0, 1], [0, 0]), ([1, 1, 1], [1, 1, 0])):
        metric.update_state(target, prediction)
        prediction, target = torch.tensor(prediction), torch.tensor(target)
        correct += (prediction == target).sum()
        total += len(target)
    assert float(metric.result()) == pytest.approx(float(correct / total))
    metric.reset_state()
    assert float(metric.result()) == 0
