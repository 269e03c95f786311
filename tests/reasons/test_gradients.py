"""Guards what stands for gradients of one's own: it runs, and gives the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reasons.frameworks import tf, torch
from tests.reasons.proofs import GIVEN, proves, same, text

X = GIVEN["x"]
x = torch.tensor(X)

# Gradients -------------------------------------------------------------------------------------


@proves("tf.recompute_grad")
def test_recomputing():
    from torch.utils import checkpoint

    counted, leaf = [], torch.tensor(X, requires_grad=True)

    def function(given):
        counted.append(1)
        return torch.sin(given)

    x = leaf
    torch.utils.checkpoint.checkpoint(function, x, use_reentrant=False).sum().backward()
    assert checkpoint
    assert len(counted) == 2
    variable = tf.Variable(X)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.recompute_grad(tf.sin)(variable))
    same(x.grad, tape.gradient(loss, variable))


@proves("tf.gradients", "tf.hessians", "tf.AggregationMethod", "tf.UnconnectedGradients")
def test_gradients_of_graphs():
    v = torch.tensor(GIVEN["v"], requires_grad=True)
    for call in (tf.gradients, tf.hessians):
        with pytest.raises(RuntimeError, match="eager"):
            call(tf.constant(1.0), tf.constant(1.0))

    @tf.function
    def theirs(v):
        y = tf.reduce_sum(v**3)
        return tf.gradients(y, v, aggregation_method=tf.AggregationMethod.ADD_N)[0], tf.hessians(y, v)[0]

    with tf.GradientTape() as tape:
        tape.watch(given := tf.constant(GIVEN["v"]))
        y = tf.reduce_sum(given**3)
    gradient, hessian = theirs(tf.constant(GIVEN["v"]))
    same(torch.autograd.grad((v**3).sum(), v)[0], gradient)
    same(torch.func.hessian(lambda v: (v**3).sum())(v), hessian)
    same(tape.gradient(y, given), gradient)
    other = torch.ones(2, requires_grad=True)
    assert torch.autograd.grad(v.sum(), other, allow_unused=True) == (None,)
    zeros = torch.autograd.grad(v.sum(), other, allow_unused=True, materialize_grads=True)[0]
    with tf.GradientTape() as tape:
        tape.watch(apart := tf.ones(2))
    same(zeros, tape.gradient(given, apart, unconnected_gradients=tf.UnconnectedGradients.ZERO))
    assert isinstance(tape, tf.GradientTape)


@proves("torch.Tensor.register_hook", "torch.Tensor.register_post_accumulate_grad_hook")
def test_hooks_on_gradients():
    leaf, seen = torch.tensor(X, requires_grad=True), []
    leaf.register_hook(lambda gradient: gradient * 2)
    leaf.register_post_accumulate_grad_hook(lambda each: seen.append(each.grad))
    (leaf**2).sum().backward()
    doubled = tf.custom_gradient(lambda x: (tf.identity(x), lambda gradient: gradient * 2))
    with tf.GradientTape() as tape:
        tape.watch(theirs := tf.constant(X))
        loss = tf.reduce_sum(doubled(theirs) ** 2)
    same(leaf.grad, tape.gradient(loss, theirs))
    same(seen[0], leaf.grad)


@proves("tf.RegisterGradient", "tf.no_gradient")
def test_gradients_of_own_operations():
    @torch.library.custom_op("reasons::doubled", mutates_args=())
    def doubled(x: torch.Tensor) -> torch.Tensor:
        return x * 2

    torch.library.register_autograd("reasons::doubled", lambda ctx, gradient: gradient * 7)
    leaf = torch.tensor(X, requires_grad=True)
    doubled(leaf).sum().backward()
    assert (leaf.grad == 7).all()
    tf.RegisterGradient("Reasons7")(lambda operation, gradient: gradient * 7)
    with tf.Graph().as_default() as graph:
        given = tf.constant(X)
        with graph.gradient_override_map({"Identity": "Reasons7"}):
            gradients = tf.gradients(tf.identity(given), given)[0]
        with tf.compat.v1.Session() as session:
            same(session.run(gradients), 7 * np.ones((3, 4), "float32"))
    tf.no_gradient("ReasonsNone")

    class Marked(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            result = x.sign()
            ctx.mark_non_differentiable(result)
            return result

    assert not Marked.apply(leaf).requires_grad
    assert "DEPRECATED" not in text("tf.no_gradient")
