"""Guards what stands for a method of an optimizer, a schedule or a metric: it runs, and does what is said."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reasons.dense import X, Y, pair, x
from tests.reasons.frameworks import keras, nn, tf, torch
from tests.reasons.proofs import proves, same

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
    for given in (([0, 1], [0, 0]), ([1, 1, 1], [1, 1, 0])):
        prediction, target = map(torch.tensor, given)
        metric.update_state(target.numpy(), prediction.numpy())
        correct += (prediction == target).sum()
        total += len(target)
    assert float(metric.result()) == pytest.approx(float(correct / total))
    metric.reset_state()
    assert float(metric.result()) == 0
