"""Guards what stands for tapes, variables and data sets: it runs, and gives the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reasons.frameworks import keras, nn, tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same, text

X = GIVEN["x"]

# Tapes -----------------------------------------------------------------------------------------


@proves(
    "tf.GradientTape.gradient",
    "tf.GradientTape.watch",
    "torch.autograd.grad",
    "tf.GradientTape",
    "torch.Tensor.backward",
    "torch.Tensor.retain_grad",
)
def test_a_tape_gives_what_backward_adds_up():
    x, theirs = torch.tensor(X), tf.constant(X)
    x.requires_grad_()
    with tf.GradientTape() as tape:
        tape.watch(theirs)
        y = theirs**2
        loss = tf.reduce_sum(y)
    between = x**2
    sources, target = [x, between], between.sum()
    same(torch.autograd.grad(target, sources, retain_graph=True), tf.GradientTape.gradient(tape, loss, [theirs, y]))
    loss = target
    loss.backward()
    with tf.GradientTape() as tape:
        tape.watch(theirs)
        y = theirs**2
    same(x.grad, tape.gradient(y, theirs))
    x.grad = None
    target = (x**2).sum()
    target.backward()
    same(x.grad, 2 * theirs)
    variable, model = tf.Variable(1.0), keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    before = model.get_weights()[0]
    model.compile("sgd", "mse")
    model.fit(X, np.ones(3), verbose=0)
    assert (model.get_weights()[0] != before).any()
    assert variable.trainable


@proves("tf.GradientTape.jacobian", "torch.func.jacrev", "tf.GradientTape.batch_jacobian")
def test_jacobians_agree():
    x, theirs = torch.tensor(X), tf.constant(X)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(theirs)
        y = tf.sin(theirs) * theirs[:, ::-1]

    def function(x):
        return torch.sin(x) * x.flip(-1)

    same(torch.func.jacrev(function)(x), tape.jacobian(y, theirs))
    same(torch.func.vmap(torch.func.jacrev(function))(x), tape.batch_jacobian(y, theirs))


@proves("torch.func.hessian")
def test_a_hessian_is_the_jacobian_of_a_gradient():
    v = tf.constant(GIVEN["v"])
    with tf.GradientTape() as tape:
        tape.watch(v)
        with tf.GradientTape() as inner:
            inner.watch(v)
            y = tf.reduce_sum(v**3) * v[0]
        gradient = inner.gradient(y, v)
    ours = torch.func.hessian(lambda v: (v**3).sum() * v[0])(torch.tensor(GIVEN["v"]))
    same(ours, tape.jacobian(gradient, v))


@proves("torch.func.vmap")
def test_vmap_is_vectorized_map():
    ours = torch.func.vmap(lambda row: row.flip(0) * row.sum())(torch.tensor(X))
    for mapped in (tf.vectorized_map, keras.ops.vectorized_map):
        same(ours, mapped(lambda row: row[::-1] * tf.reduce_sum(row), tf.constant(X)))


@proves(
    "tf.GradientTape.stop_recording",
    "torch.no_grad",
    "torch.inference_mode",
    "torch.set_grad_enabled",
    "torch.enable_grad",
)
def test_nothing_is_recorded_outside_a_tape():
    x, theirs = torch.ones(1, requires_grad=True), tf.Variable([1.0])
    outside = theirs * 2
    with tf.GradientTape(persistent=True) as tape:
        recorded = theirs * 2
        with tape.stop_recording():
            paused = theirs * 2
    assert isinstance(tape, tf.GradientTape)
    assert tape.gradient(outside, theirs) is None
    assert tape.gradient(paused, theirs) is None
    assert tape.gradient(recorded, theirs).numpy() == [2]
    for paused in (torch.no_grad(), torch.inference_mode(), torch.set_grad_enabled(False)):
        with paused:
            assert not (x * 2).requires_grad
    torch.set_grad_enabled(True)
    with torch.no_grad(), torch.enable_grad():
        assert (x * 2).requires_grad


# Variables -------------------------------------------------------------------------------------


@proves("tf.Variable.assign", "tf.Variable.assign_add", "tf.Variable.assign_sub")
@pytest.mark.parametrize("x", [torch.ones(2), nn.Parameter(torch.ones(2))], ids=["tensor", "parameter"])
def test_variables_change_in_place(x):
    value, variable = torch.full((2,), 3.0), tf.Variable([1.0, 1.0])
    if x.requires_grad:
        with pytest.raises(RuntimeError):
            x.add_(value)
    with torch.no_grad():
        for change, theirs in ((x.copy_, "assign"), (x.add_, "assign_add"), (x.sub_, "assign_sub")):
            change(value)
            getattr(variable, theirs)([3.0, 3.0])
            same(x, variable)
        x.data = value
    assert x.tolist() == [3, 3]


@proves("tf.newaxis")
def test_newaxis_is_none():
    x = torch.tensor(X)
    same(x[:, None], tf.constant(X)[:, tf.newaxis])
    assert tf.newaxis is None


@proves("torch.Generator.manual_seed")
def test_a_seed_of_ones_own():
    seed = 3
    for own in (keras.random.SeedGenerator, tf.random.Generator.from_seed):
        draws = [
            keras.random.normal((2,), seed=made) if own is keras.random.SeedGenerator else made.normal((2,))
            for made in (own(seed), own(seed))
        ]
        same(draws[0], draws[1])
    drawn = [torch.randn(2, generator=torch.Generator().manual_seed(3)) for _ in range(2)]
    same(*drawn)


@proves("keras.InputSpec")
def test_the_first_operation_that_cannot_take_an_input_raises():
    class Own(nn.Module):
        def forward(self, x):
            return torch.ones(2, 5) @ x

    with pytest.raises(RuntimeError):
        Own().forward(torch.ones(4, 2))
    with pytest.raises(RuntimeError):
        Own()(torch.ones(4, 2))
    layer = keras.layers.Dense(2)
    layer.build((None, 4))
    assert layer.input_spec
    with pytest.raises(ValueError, match="incompatible"):
        layer(tf.ones((2, 5)))


# Data sets -------------------------------------------------------------------------------------


class Squares(torch.utils.data.Dataset):
    def __init__(self):
        self.kept, self.made = {}, 0

    def __len__(self):
        return 6

    def __getitem__(self, at):
        if at not in self.kept:
            self.kept[at], self.made = torch.tensor(at) ** 2, self.made + 1
        return self.kept[at]


@proves("tf.data.Dataset.map", "tf.data.Dataset.cache", "tf.data.Dataset.skip", "tf.data.Dataset.as_numpy_iterator")
def test_a_dataset_of_ones_own_does_the_work():
    dataset, n = Squares(), 2
    assert isinstance(dataset, torch.utils.data.Dataset)
    theirs = tf.data.Dataset.range(6).map(lambda each: each**2)
    loader = torch.utils.data.DataLoader(dataset, batch_size=None)
    same([each.numpy() for each in loader], list(theirs.as_numpy_iterator()))
    assert dataset.made == 6
    list(loader)
    assert dataset.made == 6
    rest = torch.utils.data.Subset(dataset, range(n, len(dataset)))
    same([rest[at] for at in range(len(rest))], list(theirs.skip(n)))


@proves("tf.data.Dataset.prefetch", "tf.data.AUTOTUNE")
def test_nothing_is_prepared_ahead_without_workers():
    dataset = Squares()
    loader = iter(torch.utils.data.DataLoader(dataset, batch_size=None))
    next(loader)
    assert dataset.made == 1
    assert "num_workers (int, optional)" in text("torch.utils.data.DataLoader")
    with pytest.raises(ValueError, match="num_workers"):
        torch.utils.data.DataLoader(dataset, num_workers=tf.data.AUTOTUNE)


@proves("tf.data.Dataset.shuffle")
def test_a_loader_shuffles_all_and_a_buffer_its_part():
    torch.manual_seed(0)
    loader = torch.utils.data.DataLoader(range(1000), batch_size=None, shuffle=True)
    assert max(next(iter(loader)) for _ in range(20)) > 500
    assert max(int(next(iter(tf.data.Dataset.range(1000).shuffle(10)))) for _ in range(20)) < 10


# Files -----------------------------------------------------------------------------------------


@proves("tf.summary.create_file_writer", "keras.callbacks.TensorBoard")
def test_a_writer_of_summaries(tmp_path):
    from torch.utils import tensorboard  # no attribute of torch.utils before

    folder = tmp_path / "folder"
    assert torch.utils.tensorboard is tensorboard
    with torch.utils.tensorboard.SummaryWriter(folder) as writer:
        writer.add_scalar("loss", 0.5, 3)
    with tf.summary.create_file_writer(str(folder)).as_default():
        tf.summary.scalar("loss", 0.5, 3)
    assert len(list(folder.glob("events.out.tfevents*"))) == 2


@proves("tf.train.Checkpoint", "tf.train.CheckpointManager", "keras.callbacks.BackupAndRestore")
def test_a_dictionary_of_states_is_a_checkpoint(tmp_path):
    def fresh():
        model = nn.Linear(2, 2)
        optimizer = torch.optim.Adam(model.parameters())
        return model, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 1)

    model, optimizer, schedule = fresh()
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step(), schedule.step()
    state_dicts = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}
    torch.save(state_dicts | {"epoch": 1}, tmp_path / "last.pt")
    loaded, others = torch.load(tmp_path / "last.pt"), dict(zip(("model", "optimizer", "schedule"), fresh()))
    for name, each in others.items():
        each.load_state_dict(loaded[name])
    same(list(others["model"].parameters()), list(model.parameters()))
    assert others["optimizer"].param_groups[0]["lr"] == optimizer.param_groups[0]["lr"]
    assert others["schedule"].last_epoch == schedule.last_epoch == loaded["epoch"]
    assert lacks("torch", "checkpointmanager")
