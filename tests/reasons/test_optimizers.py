"""Guards what stands for optimizers and schedules: it runs, and gives the same."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
import scipy.optimize
import scipy.special

from tests.reasons.frameworks import keras, nn, tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same, text

X = GIVEN["x"]
x = torch.tensor(X)


# Optimizers ------------------------------------------------------------------------------------


@proves("torch.optim.Optimizer", "keras.optimizers.Optimizer")
def test_optimizers_of_ones_own():
    class Theirs(keras.optimizers.Optimizer):
        def update_step(self, gradient, variable, learning_rate):
            variable.assign_sub(learning_rate * gradient)

    class Ours(torch.optim.Optimizer):
        def step(self):
            with torch.no_grad():
                for group in self.param_groups:
                    for each in group["params"]:
                        each.sub_(group["lr"] * each.grad)

    variable, parameter = keras.Variable(X), nn.Parameter(x.clone())
    Theirs(0.1).apply([tf.ones((3, 4))], [variable])
    parameter.grad = torch.ones(3, 4)
    Ours([parameter], {"lr": 0.1}).step()
    same(parameter, variable.value)


@proves("torch.optim.LBFGS")
def test_second_order():
    target = np.arange(3.0)

    def function(weights):
        with tf.GradientTape() as tape:
            tape.watch(given := tf.constant(weights))
            loss = tf.reduce_sum((given - target) ** 4 + (given - target) ** 2)
        return float(loss), tape.gradient(loss, given).numpy()

    start = np.ones(3)
    found = scipy.optimize.minimize(function, start, jac=True, method="L-BFGS-B").x
    weights = torch.ones(3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=100)

    def closure():
        optimizer.zero_grad()
        loss = ((weights - torch.tensor(target)) ** 4 + (weights - torch.tensor(target)) ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    same(weights, found, atol=1e-3)
    assert lacks("keras.optimizers", "bfgs", "newton")


@proves("torch.optim.RAdam", "torch.optim.Rprop", "torch.optim.SparseAdam")
def test_what_keras_optimizers_lack():
    assert lacks("keras.optimizers", "radam", "rprop", "sparseadam")
    rate = keras.optimizers.schedules.CosineDecay(0.0, 10, warmup_target=0.1, warmup_steps=4)
    assert float(rate(2)) == pytest.approx(0.05)
    assert float(keras.optimizers.Adam(rate).learning_rate) == 0
    parameter = nn.Parameter(torch.zeros(1))
    optimizer, steps = torch.optim.Rprop([parameter], lr=0.1), []
    for _ in range(2):
        parameter.grad = torch.ones(1)
        before = parameter.item()
        optimizer.step()
        steps.append(before - parameter.item())
    assert steps[1] == pytest.approx(1.2 * steps[0])
    variable, adam = keras.Variable(np.zeros((3, 1), "float32")), keras.optimizers.Adam(0.1)
    adam.build([variable])
    for rows in ([0, 1], [0]):
        before = variable.numpy().copy()
        adam.apply([tf.IndexedSlices(tf.ones((len(rows), 1)), rows, (3, 1))])
    assert (variable.numpy() != before)[:, 0].tolist() == [True, True, False]  # row 1 had no gradient


@proves("keras.optimizers.Lion", "keras.optimizers.Lamb", "keras.optimizers.ScheduleFreeAdamW")
def test_a_class_of_ones_own():
    """Lion, in some ten lines; the packages by hand."""

    class Lion(torch.optim.Optimizer):
        def step(self):
            with torch.no_grad():
                for each in self.param_groups[0]["params"]:
                    moment = self.state[each].setdefault("moment", torch.zeros_like(each))
                    each.sub_(0.1 * (0.9 * moment + 0.1 * each.grad).sign())
                    moment.mul_(0.99).add_(0.01 * each.grad)

    variable, parameter = keras.Variable(X), nn.Parameter(x.clone())
    ours, theirs = Lion([parameter], {}), keras.optimizers.Lion(0.1)
    for step in range(3):
        gradient = np.roll(GIVEN["y"], step)
        theirs.apply([tf.constant(gradient)], [variable])
        parameter.grad = torch.tensor(gradient)
        ours.step()
    same(parameter, variable.value)
    assert lacks("torch.optim", "lion", "lamb", "schedulefree")
    assert {"use_ema"} < set(inspect.signature(keras.optimizers.Lamb).parameters)


@proves("keras.optimizers.MultiOptimizer", "keras.optimizers.OptimizerMap", "keras.optimizers.serialize")
def test_groups_of_parameters():
    one, two = (keras.Variable([1.0]) for _ in range(2))
    both = keras.optimizers.MultiOptimizer(lambda each: keras.optimizers.SGD(0.1 if each is one else 1.0))
    both.build([one, two])
    both.apply([tf.constant([1.0])] * 2)
    ours = [nn.Parameter(torch.ones(1)) for _ in range(2)]
    optimizer = torch.optim.SGD([{"params": ours[:1], "lr": 0.1}, {"params": ours[1:], "lr": 1.0}])
    ours[0].grad = ours[1].grad = torch.ones(1)
    optimizer.step()
    same(ours, [one.value, two.value])
    assert set(optimizer.state_dict()) == {"state", "param_groups"}
    assert keras.optimizers.serialize(keras.optimizers.SGD(0.5))["config"]["learning_rate"] == 0.5
    assert "variable" in text("keras.optimizers.OptimizerMap").lower()


@proves(
    "torch.optim.lr_scheduler.LRScheduler", "keras.optimizers.schedules.LearningRateSchedule",
    "keras.optimizers.schedules.serialize", "keras.optimizers.schedules.deserialize",
)  # fmt: skip
def test_schedules_of_ones_own():
    class Halving(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 * 0.5 ** float(step)

    optimizer = torch.optim.SGD([nn.Parameter(x)], lr=0.1)
    ours = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5**step)
    optimizer.step(), ours.step()
    assert ours.get_last_lr() == [Halving()(1)]
    other = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5**step)
    other.load_state_dict(ours.state_dict())
    assert other.last_epoch == 1
    decay, schedules = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5), keras.optimizers.schedules
    assert schedules.deserialize(schedules.serialize(decay)).get_config() == decay.get_config()
