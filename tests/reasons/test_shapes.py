"""Guards what stands for views, loops, branches and gradients of one's own: it runs, and gives the same."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest

from tests.reasons.frameworks import F, keras, nn, tf, torch
from tests.reasons.proofs import GIVEN, REASONS, lacks, proves, same

X = GIVEN["x"]
x = torch.tensor(X)
COPIES = {
    "alias": (), "as_strided": ((2, 2), (1, 2)), "detach": (), "diagonal": (), "expand": ((2, 3, 4),),
    "narrow": (0, 1, 2), "permute": ((1, 0),), "select": (0, 1), "slice": (0, 1, 3), "split": (2,),
    "split_with_sizes": ((1, 2),), "squeeze": (), "t": (), "transpose": (0, 1), "unbind": (), "unfold": (1, 2, 1),
    "unsqueeze": (0,), "view": ((4, 3),),
}  # fmt: skip

# Views and copies ------------------------------------------------------------------------------


@proves(*(f"torch.{name}_copy" for name in (*COPIES, "view_as_complex", "view_as_real")))
@pytest.mark.parametrize("name", [*COPIES, "view_as_complex", "view_as_real"])
def test_copies_of_views(name):
    """For functionalisation by torch.compile: as the view, in memory of its own."""
    given = torch.view_as_complex(x.reshape(6, 2)) if name == "view_as_real" else x
    given = x.reshape(6, 2) if name == "view_as_complex" else given
    view = {"alias": torch.ops.aten.alias, "slice": torch.ops.aten.slice}.get(name)
    view = view or getattr(torch, name, None) or getattr(torch.Tensor, name)
    ours = getattr(torch, f"{name}_copy")(given, *COPIES.get(name, ()))
    same(list(ours) if isinstance(ours, (list, tuple)) else ours, view(given, *COPIES.get(name, ())))
    first = ours[0] if isinstance(ours, (list, tuple)) else ours
    assert first.untyped_storage().data_ptr() != given.untyped_storage().data_ptr()
    theirs = tf.Variable(X)
    copied = tf.transpose(theirs)
    theirs.assign_add(tf.ones_like(theirs))
    same(copied, X.T)
    assert callable(torch.compile)


@proves("torch.as_strided_scatter", "torch.slice_inverse")
def test_inverses_of_views():
    ours = torch.as_strided_scatter(torch.zeros(4), torch.ones(2), (2,), (1,), 1)
    same(ours, tf.tensor_scatter_nd_update(tf.zeros(4), [[1], [2]], tf.ones(2)))
    base = torch.arange(4.0)
    part = torch.ops.aten.slice(base, 0, 1, 3)
    same(torch.slice_inverse(part, base, 0, 1, 3, 1), base)
    assert lacks("tf", "strided_scatter", "slice_inverse")
    assert callable(torch.compile)


@proves("torch.unsafe_chunk", "torch.unsafe_split", "torch.unsafe_split_with_sizes")
def test_splits_without_checks():
    same(torch.unsafe_chunk(x, 2), torch.chunk(x, 2))
    same(torch.unsafe_split(x, 2), torch.split(x, 2))
    same(torch.unsafe_split_with_sizes(x, [1, 2]), torch.split(x, [1, 2]))
    given = torch.ones(2, requires_grad=True).clone()
    torch.unsafe_split(given, 1)[0].add_(1)
    with pytest.raises(RuntimeError, match="view"):
        torch.split(given, 1)[0].add_(1)


@proves(*(f"torch.Tensor.{name}" for name in ("is_contiguous", "stride", "storage_offset", "dim_order", "is_set_to")))
def test_strides():
    assert (x.T.is_contiguous(), x.stride(), x[1:].storage_offset()) == (False, (4, 1), 4)
    assert (x.T.dim_order(), x.is_set_to(x), x.is_set_to(x.clone())) == ((1, 0), True, False)
    assert not [each for each in dir(tf.Tensor) if "stride" in each or "contiguous" in each or "storage" in each]
    assert tf.transpose(X).numpy().flags.c_contiguous


@proves("torch.Tensor.resize", "torch.Tensor.resize_as", says="Deprecated")
def test_resizing_is_reshaping():
    with pytest.warns(UserWarning, match="deprecated"):
        same(x.clone().resize(4, 3), x.reshape(4, 3))
    with pytest.warns(UserWarning, match="deprecated"):
        same(x.clone().resize_as(torch.ones(2, 6)), x.reshape(2, 6))


@proves("tf.ensure_shape", "tf.identity_n", "tf.shape_n", "tf.parallel_stack")
def test_shapes_are_checked_and_several_tensors_worked_on():
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.ensure_shape(X, (3, 5))
    with pytest.raises(AssertionError):
        assert x.shape == (3, 5)
    given = [x, x[:2]]
    same([x.clone() for x in given], tf.identity_n([X, X[:2]]))
    same([np.int32(x.shape) for x in given], tf.shape_n([X, X[:2]]))
    with pytest.raises(RuntimeError, match="not compatible with eager"):
        tf.parallel_stack([X, X])
    same(torch.stack([x, x]), tf.function(lambda: tf.parallel_stack([tf.constant(X), tf.constant(X)]))())


@proves("tf.required_space_to_batch_paddings")
def test_batches_of_space_dilate():
    signal = GIVEN["images"][:, :7, :7]
    paddings, crops = tf.required_space_to_batch_paddings([7, 7], [2, 2])
    kernel = np.ones((2, 2, 3, 1), "float32")
    inner = tf.nn.conv2d(tf.space_to_batch(signal, [2, 2], paddings), kernel, 1, "VALID")
    ours = F.conv2d(torch.tensor(signal).permute(0, 3, 1, 2), torch.ones(1, 3, 2, 2), dilation=2)
    theirs = tf.batch_to_space(inner, [2, 2], [[0, int(crops[0, 1]) or 0]] * 2)
    same(ours.permute(0, 2, 3, 1), theirs[:, : ours.shape[2], : ours.shape[3]], rtol=1e-4, atol=1e-5)


# Loops and branches ----------------------------------------------------------------------------


@proves("tf.scan", "tf.foldl", "tf.foldr", "keras.ops.scan")
def test_loops_over_rows():
    function = torch.add
    same(torch.cumsum(x, 0), tf.scan(lambda a, b: a + b, X))
    same(torch.cumsum(x, 0), keras.ops.scan(lambda a, b: (a + b, a + b), tf.zeros(4), tf.constant(X))[1])

    def halved(a, b):
        return a / 2 + b

    same(functools.reduce(function, x), tf.foldl(lambda a, b: a + b, X))
    function = halved
    same(functools.reduce(function, x), tf.foldl(halved, X))
    same(functools.reduce(function, x.flip(0)), tf.foldr(halved, X))
    state, states = x[0], [x[0]]
    for row in x[1:]:
        states.append(state := halved(state, row))
    same(torch.stack(states), tf.scan(halved, X))
    same(torch.stack(list(itertools.accumulate(x, halved))), tf.scan(halved, X))
    same(torch.stack(states[1:]), keras.ops.scan(lambda a, b: (halved(a, b),) * 2, tf.constant(X[0]), X[1:])[1])


@proves("tf.while_loop", "keras.ops.while_loop")
def test_a_loop_on_data_leaves_the_graph_and_torch_while_loop_stays_in_it():
    def doubled(x):
        while x.sum() < 10:
            x = x * 2
        return x

    torch._dynamo.reset()
    assert torch._dynamo.explain(doubled)(torch.ones(3)).graph_break_count == 1
    torch._dynamo.reset()
    with pytest.raises(torch._dynamo.exc.Unsupported):
        torch.compile(doubled, fullgraph=True, backend="eager")(torch.ones(3))

    class Looping(nn.Module):
        def forward(self, x):
            return torch.while_loop(lambda x: x.sum() < 10, lambda x: (x * 2,), (x,))[0]

    class Breaking(nn.Module):
        def forward(self, x):
            return doubled(x)

    same(torch.export.export(Looping(), (torch.ones(3),)).module()(torch.ones(3)), doubled(torch.ones(3)))
    with pytest.raises(RuntimeError):
        torch.export.export(Breaking(), (torch.ones(3),))
    for loop in (tf.while_loop, keras.ops.while_loop):
        same(doubled(torch.ones(3)), loop(lambda x: tf.reduce_sum(x) < 10, lambda x: (x * 2,), (tf.ones(3),))[0])


@proves("tf.case", "tf.switch_case", "keras.ops.switch")
@pytest.mark.parametrize("index", [0, 1])
def test_branches(index):
    functions = [lambda x: x + 1, lambda x: x * 2]
    same(
        functions[index](x),
        tf.switch_case(tf.constant(index), [lambda each=each: each(tf.constant(X)) for each in functions]),
    )
    same(functions[index](x), keras.ops.switch(index, functions, tf.constant(X)))
    same(functions[index](x), tf.case([(tf.equal(index, 0), lambda: X + 1)], default=lambda: tf.constant(X * 2)))

    def kept(x):
        return torch.cond(x.sum() > 1e9, functions[0], functions[1], (x,))

    same(torch.compile(kept, backend="eager", fullgraph=True)(x), x * 2)


@proves("keras.ops.vectorize")
def test_vectorize_raises():
    with pytest.raises(ValueError, match="Not supported with"):
        keras.ops.vectorize(lambda each: each)(X)
    ops = keras.ops
    same(ops.vectorized_map(lambda each: 2 * each, tf.constant(X)), 2 * x)
    assert "jnp.vectorize" in REASONS["keras.ops.vectorize"]


@proves("tf.RaggedTensor", "tf.TensorArray")
def test_rows_of_different_lengths():
    rows = [torch.ones(2), torch.ones(3)]
    theirs = tf.ragged.stack([each.numpy() for each in rows])
    assert isinstance(theirs, tf.RaggedTensor)
    same(nn.utils.rnn.pad_sequence(rows, batch_first=True), theirs.to_tensor())
    with pytest.warns(UserWarning, match="prototype"):
        torch.nested.nested_tensor(rows)
    array = tf.TensorArray(tf.float32, size=2)
    array = array.write(0, X[0]).write(1, X[1])
    same(torch.stack([x[0], x[1]]), array.stack())


# Python within graphs --------------------------------------------------------------------------


@proves("tf.numpy_function", "tf.py_function")
def test_python_within_a_graph():
    def python(given):
        return np.sort(np.asarray(given), axis=1)

    for call in (tf.numpy_function, tf.py_function):
        theirs = tf.function(lambda given, call=call: call(python, [given], tf.float32))(tf.constant(X))
        same(torch.tensor(python(x)), theirs)
    seen = []
    torch.compile(lambda given: [seen.append(python(given.detach().numpy())), given][1], backend="eager")(x)
    same(seen, theirs)


@proves("tf.nondifferentiable_batch_function", "tf.tuple", "tf.group", "tf.no_op", "tf.control_dependencies")
def test_the_order_of_operations_in_a_graph():
    batched = tf.nondifferentiable_batch_function(1, 100, 1000)(lambda given: given * 2)
    same(batched(tf.constant(X)), 2 * X)
    variable = tf.Variable(1.0)

    @tf.function
    def ordered():
        with tf.control_dependencies([variable.assign(5.0)]):
            tf.group(tf.no_op())
            return tf.tuple([variable + 1])[0]

    assert ordered().numpy() == 6
    ours = torch.ones(1)
    ours.add_(4)
    assert (ours + 1).item() == 6
    assert lacks("torch", "control_dep", "batch_function")
