"""Guards what stands for operators and decompositions of linear algebra: it runs, and gives the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reasons.frameworks import tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same, text

A, S, X, V = GIVEN["m"], GIVEN["s"], GIVEN["n"], GIVEN["v"]
a, s, x, v, w = (torch.tensor(GIVEN[name]) for name in ("m", "s", "n", "v", "w"))
operator = tf.linalg
a_small, b_small = torch.tensor(A[:2, :2].copy()), torch.tensor(A[2:, 2:].copy())
COMPLEX = (A + 1j * S).astype("complex64")


def product(op, given):
    return op.matmul(tf.constant(given))


# Operators -------------------------------------------------------------------------------------


@proves(
    "tf.linalg.LinearOperator", "tf.linalg.LinearOperatorAdjoint", "tf.linalg.LinearOperatorComposition",
    "tf.linalg.LinearOperatorFullMatrix", "tf.linalg.LinearOperatorInversion",
)  # fmt: skip
def test_products_of_matrices():
    full = operator.LinearOperatorFullMatrix
    assert issubclass(full, operator.LinearOperator)
    same(a @ x, product(full(A), X))
    same(torch.linalg.solve(a, x), full(A).solve(X), rtol=1e-3, atol=1e-4)
    same(torch.tensor(COMPLEX).mH @ x.cfloat(), product(operator.LinearOperatorAdjoint(full(COMPLEX)), X + 0j))
    same(a.mH @ x, product(operator.LinearOperatorAdjoint(full(A)), X))
    b = s
    same(a @ (b @ x), product(operator.LinearOperatorComposition([full(A), full(S)]), X), rtol=1e-4, atol=1e-4)
    same(torch.linalg.solve(a, x), product(operator.LinearOperatorInversion(full(A)), X), rtol=1e-3, atol=1e-4)

    class Doubling(operator.LinearOperator):
        def __init__(self):
            super().__init__(tf.float32)

        def _shape(self):
            return tf.TensorShape([4, 4])

        def _shape_tensor(self):
            return tf.constant([4, 4])

        def _matmul(self, given, adjoint=False, adjoint_arg=False):
            return 2 * given

    same(2 * x, product(Doubling(), X))


@proves("tf.linalg.LinearOperatorBlockDiag", "tf.linalg.LinearOperatorBlockLowerTriangular")
def test_products_block_by_block():
    full = operator.LinearOperatorFullMatrix
    blocks = [full(a_small.numpy()), full(b_small.numpy())]
    theirs = product(operator.LinearOperatorBlockDiag(blocks), X)
    same(torch.block_diag(a_small, b_small) @ x, theirs)
    same(torch.cat([a_small @ x[:2], b_small @ x[2:]]), theirs)
    lower = operator.LinearOperatorBlockLowerTriangular([[blocks[0]], [full(A[:2, 2:]), blocks[1]]])
    same(torch.cat([a_small @ x[:2], a[:2, 2:] @ x[:2] + b_small @ x[2:]]), product(lower, X))


@proves(*(f"tf.linalg.LinearOperatorCirculant{count}" for count in ("", "2D", "3D")))
def test_circulants():
    rng = np.random.default_rng(0)
    for shape, call, forth, back in (
        ((4,), operator.LinearOperatorCirculant, torch.fft.fft, torch.fft.ifft),
        ((2, 2), operator.LinearOperatorCirculant2D, torch.fft.fft2, torch.fft.ifft2),
        ((2, 2, 2), operator.LinearOperatorCirculant3D, torch.fft.fftn, torch.fft.ifftn),
    ):
        given = rng.normal(size=shape).astype("float32")
        spectrum, x = torch.tensor(rng.normal(size=shape).astype("complex64")), torch.tensor(given)
        theirs = call(spectrum.numpy()).matvec(tf.constant(given.ravel() + 0j, tf.complex64))
        same(back(spectrum * forth(x)).reshape(-1), theirs)
    same(torch.fft.ifft(v * torch.fft.fft(w)), torch.fft.ifftn(v * torch.fft.fftn(w)))
    same(torch.fft.ifft2(a * torch.fft.fft2(a)), torch.fft.ifftn(a * torch.fft.fftn(a)))


@proves(*(f"tf.linalg.LinearOperator{kind}" for kind in ("Diag", "Identity", "ScaledIdentity", "Zeros", "Permutation")))
def test_diagonals_and_permutations():
    d, perm = v, torch.tensor([2, 0, 3, 1])
    same(d[:, None] * x, product(operator.LinearOperatorDiag(V), X))
    same(x, product(operator.LinearOperatorIdentity(4), X))
    a = 3
    same(a * x, product(operator.LinearOperatorScaledIdentity(4, 3.0), X))
    same(torch.zeros_like(x), product(operator.LinearOperatorZeros(4), X))
    same(x[perm], product(operator.LinearOperatorPermutation(perm.numpy(), dtype=tf.float32), X))


@proves(
    *(f"tf.linalg.LinearOperator{kind}" for kind in ("Householder", "LowRankUpdate", "LowerTriangular", "Kronecker"))
)
def test_structured_matrices():
    unit = v / torch.linalg.vector_norm(v)
    same(x - 2 * unit[:, None] * (unit @ x), product(operator.LinearOperatorHouseholder(unit.numpy()), X))
    u, v2 = x[:, :2], a[:, :2]
    theirs = operator.LinearOperatorLowRankUpdate(operator.LinearOperatorFullMatrix(A), u.numpy(), v=v2.numpy())
    same(a @ x + u @ (v2.mT @ x), product(theirs, X), rtol=1e-5, atol=1e-5)
    same(a.tril() @ x, product(operator.LinearOperatorLowerTriangular(A), X))
    solved = torch.linalg.solve_triangular(a.tril(), x, upper=False)
    same(solved, operator.LinearOperatorLowerTriangular(A).solve(X), rtol=1e-3, atol=1e-3)
    full, k, l = operator.LinearOperatorFullMatrix, 2, 2  # noqa: E741
    theirs = product(operator.LinearOperatorKronecker([full(a_small.numpy()), full(b_small.numpy())]), X)
    same(torch.kron(a_small, b_small) @ x, theirs)
    same(torch.einsum("ik,jl,klc->ijc", a_small, b_small, x.reshape(k, l, -1)).reshape(4, -1), theirs)
    assert v2.mT.shape == (2, 4)


@proves("tf.linalg.LinearOperatorToeplitz", "tf.linalg.LinearOperatorTridiag")
def test_bands():
    column, row = torch.tensor([1.0, 2, 3, 4]), torch.tensor([1.0, 5, 6, 7])
    around = torch.cat([column, torch.zeros(1), row[1:].flip(0)])
    ours = torch.fft.irfft(torch.fft.rfft(around)[:, None] * torch.fft.rfft(x, n=8, dim=0), n=8, dim=0)[:4]
    same(ours, product(operator.LinearOperatorToeplitz(column.numpy(), row.numpy()), X), rtol=1e-4, atol=1e-5)
    above, middle, below = (torch.tensor(GIVEN[name]) for name in ("v", "w", "v"))
    up, down = torch.roll(x, -1, 0), torch.roll(x, 1, 0)
    up[-1], down[0] = 0, 0
    theirs = operator.LinearOperatorTridiag([V, GIVEN["w"], V], diagonals_format="sequence")
    same(above[:, None] * up + middle[:, None] * x + below[:, None] * down, product(theirs, X))


# Decompositions --------------------------------------------------------------------------------


@proves("torch.linalg.LinAlgError", "torch.linalg.ldl_factor", "torch.linalg.ldl_factor_ex")
def test_singular_and_symmetric_matrices():
    with pytest.raises(torch.linalg.LinAlgError):
        torch.linalg.inv(torch.zeros(2, 2))
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.linalg.inv(tf.zeros((2, 2)))
    assert np.isnan(tf.linalg.cholesky(-tf.eye(2)).numpy()).any()  # NaN, where PyTorch raises
    assert lacks("tf.linalg", "ldl")
    solved = torch.linalg.ldl_solve(*torch.linalg.ldl_factor(s), x)
    same(solved, tf.linalg.solve(S, X), rtol=1e-4, atol=1e-5)
    same(solved, tf.linalg.cholesky_solve(tf.linalg.cholesky(S), X), rtol=1e-4, atol=1e-5)
    same(torch.linalg.ldl_factor_ex(s)[0], torch.linalg.ldl_factor(s)[0])


@proves("torch.cross", says="the first dimension of size 3")
def test_cross_takes_the_first_dimension_of_size_3():
    given = torch.rand(3, 3), torch.rand(3, 3)
    with pytest.warns(UserWarning, match="deprecated"):
        ours = torch.cross(*given)
    same(ours, torch.linalg.cross(*given, dim=0))
    same(torch.cross(*given, dim=-1), torch.linalg.cross(*given))


@proves("torch.svd", "torch.lu_solve", "torch.chain_matmul", "torch.triangular_solve", says="deprecated")
def test_old_decompositions():
    assert "deprecated" in text("torch.svd")
    u, values, vectors = torch.svd(x)
    same([u, values, vectors.mT], list(torch.linalg.svd(x, full_matrices=False)))
    assert torch.linalg.svd(x)[2].shape == (5, 5)
    factor, pivots = torch.linalg.lu_factor(a)
    with pytest.warns(UserWarning, match="deprecated"):
        same(torch.lu_solve(x, factor, pivots), torch.linalg.lu_solve(factor, pivots, x))
    with pytest.warns(UserWarning, match="deprecated"):
        same(torch.chain_matmul(a, s, x), torch.linalg.multi_dot([a, s, x]))
    with pytest.warns(UserWarning, match="deprecated"):
        ours = torch.triangular_solve(x, a.triu())[0]
    same(ours, torch.linalg.solve_triangular(a.triu(), x, upper=True))


@proves("torch.ger", "torch.cholesky", "torch.qr")
def test_old_names_and_names_that_raise():
    same(torch.ger(v, w), torch.outer(v, w))
    with pytest.raises(RuntimeError, match="now removed"):
        torch.cholesky(s)
    with pytest.raises(RuntimeError, match="now removed"):
        torch.qr(a)
    same(torch.linalg.cholesky(s), tf.linalg.cholesky(S), rtol=1e-5, atol=1e-5)
    mode = "reduced"
    assert torch.linalg.qr(x.mT, mode)[0].shape == (5, 4)


@proves("tf.linalg.logm")
def test_logarithm_of_a_matrix():
    values, vectors = torch.linalg.eigh(s)
    same((vectors * values.log()) @ vectors.mT + 0j, tf.linalg.logm(tf.constant(S + 0j)), rtol=1e-3, atol=1e-4)
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.linalg.logm(S)
    assert lacks("torch.linalg", "logm")
