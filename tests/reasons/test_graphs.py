"""Guards what stands for graphs, asserts, logs and raw operations: it runs, and does what is said."""

from __future__ import annotations

import logging
import threading
import time
import warnings

import pytest

from tests.reasons.frameworks import keras, nn, tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, text

X = GIVEN["x"]
x = torch.tensor(X)

# Graphs ----------------------------------------------------------------------------------------


@proves("tf.executing_eagerly", "tf.inside_function", "tf.is_symbolic_tensor", "tf.init_scope")
def test_tracing_can_be_told():
    found = []

    def told(given):
        with tf.init_scope():
            left = tf.executing_eagerly()
        found.append((tf.executing_eagerly(), tf.inside_function(), tf.is_symbolic_tensor(given), left))
        return given

    told(tf.constant(1.0)), tf.function(told)(tf.constant(1.0))
    assert found == [(True, False, False, True), (False, True, True, True)]

    def function(given):
        return given + 1 if torch.compiler.is_compiling() else given

    compiled = torch.compile(function, backend="eager")
    assert (function(x[0, 0]), compiled(x[0, 0])) == (x[0, 0], x[0, 0] + 1)
    outside = torch.compiler.disable(function)

    def through(given):
        return outside(given) * 1

    within = torch.compile(through, backend="eager")
    assert within(x[0, 0]) == x[0, 0]


class Shown:
    number = 2.0


@proves(
    "tf.Graph", "tf.Operation", "tf.import_graph_def", "tf.get_current_name_scope", "tf.name_scope",
    "tf.variable_creator_scope", "tf.register_tensor_conversion_function", says="Machinery of graphs",
)  # fmt: skip
def test_graphs_are_handled_in_tensorflow_alone():
    with tf.Graph().as_default() as graph, tf.name_scope("part"):
        assert tf.get_current_name_scope() == "part"
        operation = tf.constant(1.0).op
    assert isinstance(operation, tf.Operation)
    with tf.Graph().as_default() as other:
        tf.import_graph_def(graph.as_graph_def(), name="")
    assert other.get_operation_by_name("part/Const")
    tf.register_tensor_conversion_function(Shown, lambda value, *_, **__: tf.constant(value.number))
    assert tf.add(Shown(), 1.0).numpy() == 3
    with tf.variable_creator_scope(lambda make, **given: make(**(given | {"name": "other"}))):
        assert tf.Variable(1.0).name == "other:0"
    for namespace in ("torch", "torch.nn", "torch.utils"):
        assert lacks(namespace, "name_scope", "creator_scope", "conversion_function", "graph_def")


@proves("tf.guarantee_const", "tf.random_index_shuffle")
def test_a_permutation_is_made_whole():
    assert "THIS FUNCTION IS DEPRECATED" in text("tf.guarantee_const")
    found = tf.random_index_shuffle(tf.range(8), [[1, 2, 3]] * 8, 7)
    assert sorted(found.numpy().tolist()) == sorted(torch.randperm(8).tolist()) == list(range(8))


@proves("tf.Module", "tf.CriticalSection")
def test_modules_and_locks():
    class Own(tf.Module):
        def __init__(self):
            super().__init__()
            self.inner, self.weight = tf.Module(), tf.Variable(1.0)

    class Ours(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner, self.weight = nn.Module(), nn.Parameter(torch.ones(1))

    assert len(Own().variables) == len(list(Ours().parameters())) == 1
    assert len(Own().submodules) == len(list(Ours().modules())) - 1 == 1
    assert issubclass(keras.Model, keras.Layer)
    assert tf.CriticalSection().execute(lambda: tf.constant(1)) == 1
    lock = threading.Lock()
    with lock:
        assert lock.locked()


@proves("tf.VariableAggregation", "tf.VariableSynchronization")
def test_variables_of_several_devices():
    with tf.distribute.MirroredStrategy(["/cpu:0"]).scope():
        variable = tf.Variable(
            1.0, aggregation=tf.VariableAggregation.MEAN, synchronization=tf.VariableSynchronization.ON_READ
        )
    assert variable.aggregation is tf.VariableAggregation.MEAN
    assert torch.distributed.is_available()


@proves(*(f"tf.{name}" for name in ("Assert", "assert_equal", "assert_greater", "assert_less", "assert_rank")))
@pytest.mark.parametrize(
    "check",
    [
        lambda: tf.Assert(tf.constant(False), [1]),
        lambda: tf.assert_equal(1, 2),
        lambda: tf.assert_greater(1, 2),
        lambda: tf.assert_less(2, 1),
        lambda: tf.assert_rank(tf.constant(1), 2),
    ],
)
def test_asserts(check):
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError)) as found:
        check()
    assert str(found.value)
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError)):
        tf.function(lambda: [check(), tf.constant(1)][1])()
    with pytest.raises(AssertionError):
        torch.testing.assert_close(torch.tensor(1.0), torch.tensor(1.1))


@proves("tf.print", "tf.timestamp", "tf.get_logger")
def test_printing_time_and_logs(capfd):
    traced = []
    printing = tf.function(lambda given: [traced.append(1), tf.print("seen", given), given][-1])
    printing(tf.constant(1)), printing(tf.constant(1))
    assert len(traced) == 1
    print(x[0, 0].item())
    out, error = capfd.readouterr()
    assert error.count("seen 1") == 2
    assert f"{x[0, 0].item()}" in out
    assert abs(float(tf.timestamp()) - time.time()) < 60
    assert tf.get_logger() is logging.getLogger("tensorflow")
    with pytest.warns(UserWarning, match="so"):
        warnings.warn("so", stacklevel=1)


@proves("tf.load_library", "tf.load_op_library")
def test_libraries_are_loaded(tmp_path):
    (tmp_path / "none.so").write_bytes(b"")
    for load in (torch.ops.load_library, tf.load_library, tf.load_op_library):
        with pytest.raises((OSError, tf.errors.NotFoundError, tf.errors.UnknownError)) as found:
            load(str(tmp_path / "none.so"))
        assert "none.so" in str(found.value)
