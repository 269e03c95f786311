"""Guards what stands for sparse tensors, distributions, initializers and activations: it runs, and gives the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reasons.frameworks import keras, nn, tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same

X = GIVEN["x"]
x = torch.tensor(X)
EYE = torch.eye(3).to_sparse()


def distributions():
    return pytest.importorskip("tensorflow_probability")


# Sparse tensors --------------------------------------------------------------------------------


@proves(
    "torch.Tensor.ccol_indices", "torch.Tensor.row_indices", "torch.Tensor.to_sparse_csc", "torch.Tensor.to_sparse_bsr",
    "torch.Tensor.to_sparse_bsc", "torch.Tensor.is_coalesced", "torch.Tensor.sparse_dim", "torch.Tensor.dense_dim",
    "torch.Tensor.index",
)  # fmt: skip
def test_layouts_of_sparse_tensors():
    dense = torch.eye(4)
    assert dense.to_sparse_csc().ccol_indices().tolist() == [0, 1, 2, 3, 4]
    assert dense.to_sparse_csc().row_indices().tolist() == [0, 1, 2, 3]
    assert dense.to_sparse_bsr((2, 2)).layout is torch.sparse_bsr
    assert dense.to_sparse_bsc((2, 2)).layout is torch.sparse_bsc
    theirs = tf.SparseTensor(np.array([[1, 0], [0, 1]]), [1.0, 2.0], [2, 2])
    assert {"indices", "values", "dense_shape"} <= set(dir(theirs))
    assert not {"ccol_indices", "crow_indices", "is_coalesced"} & set(dir(tf.SparseTensor))
    assert tf.sparse.reorder(theirs).values.numpy().tolist() == [2, 1]
    hybrid = torch.sparse_coo_tensor([[0, 1]], torch.ones(2, 5), (3, 5))
    assert (hybrid.sparse_dim(), hybrid.dense_dim(), hybrid.is_coalesced()) == (1, 1, False)
    with pytest.raises(ValueError, match="rank"):
        tf.SparseTensor(np.array([[0], [1]]), tf.ones((2, 5)), [3, 5])
    from functorch.dim import dims

    row = dims(1)
    same(x.index(0, row).sum(row), tf.einsum("rc->c", X))


@proves(
    *(
        f"torch.{name}_copy"
        for name in ("ccol_indices", "col_indices", "crow_indices", "row_indices", "indices", "values")
    )
)
def test_copies_of_parts_of_sparse_tensors():
    """For functionalisation by torch.compile."""
    rows, columns, plain = torch.eye(3).to_sparse_csr(), torch.eye(3).to_sparse_csc(), EYE.coalesce()
    for given, part in (
        (columns, "ccol_indices"), (rows, "col_indices"), (rows, "crow_indices"), (columns, "row_indices"),
    ):  # fmt: skip
        copied, kept = getattr(torch, f"{part}_copy")(given), getattr(given, part)()
        same(copied, kept)
        assert copied.data_ptr() != kept.data_ptr()
    for copy in (torch.indices_copy, torch.values_copy):
        with pytest.raises(NotImplementedError):
            copy(plain)
    assert callable(torch.compile)


@proves(*(f"torch.{name}" for name in ("dsmm", "hsmm", "hspmm", "smm", "spmm", "saddmm", "sspaddmm")), says="Old name")
def test_old_names_of_sparse_products():
    dense, sparse = x, torch.tensor(np.where(X[:, :3] > 0, X[:, :3], 0)).to_sparse()
    theirs = tf.sparse.sparse_dense_matmul(tf.sparse.from_dense(sparse.to_dense().numpy()), X)
    same(torch.sparse.mm(sparse, dense), theirs)
    for name in ("dsmm", "hsmm", "hspmm", "smm", "spmm"):
        ours = getattr(torch, name)(sparse, dense)
        same(ours.to_dense() if ours.is_sparse else ours, theirs)
    added = torch.sparse.addmm(dense, sparse, dense)
    same(added, tf.add(theirs, X), rtol=1e-5)
    for old in (torch.saddmm, torch.sspaddmm):
        same(old(dense.to_sparse(), sparse, dense).to_dense(), added)


@proves(
    *(
        f"tf.{name}"
        for name in (
            "SparseTensorSpec", "RaggedTensorSpec", "IndexedSlicesSpec", "TensorSpec", "TensorArraySpec",
            "NoneTensorSpec", "OptionalSpec", "TypeSpec", "type_spec_from_value",
        )
    )
)  # fmt: skip
def test_specifications_of_what_a_function_takes():
    traced, spec = [], tf.RaggedTensorSpec([None, None], tf.float32)
    function = tf.function(lambda given: traced.append(1) or given.flat_values, input_signature=[spec])
    function(tf.ragged.constant([[1.0], []])), function(tf.ragged.constant([[1.0, 2.0]]))
    assert len(traced) == 1
    assert tf.data.Dataset.range(3).element_spec == tf.TensorSpec((), tf.int64)
    for name in ("Sparse", "Ragged", "", "None"):
        assert issubclass(getattr(tf, f"{name}TensorSpec"), tf.TypeSpec)
    assert all(issubclass(each, tf.TypeSpec) for each in (tf.IndexedSlicesSpec, tf.TensorArraySpec, tf.OptionalSpec))
    assert tf.type_spec_from_value(tf.constant(1.0)) == tf.TensorSpec((), tf.float32)
    assert torch.export.export(nn.Linear(4, 2), (x,)).example_inputs[0][0].shape == (3, 4)


@proves("tf.IndexedSlices", "tf.ragged_fill_empty_rows", "tf.ragged_fill_empty_rows_grad")
def test_sparse_gradients_and_empty_rows():
    weights = tf.Variable(X)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.gather(weights, [0, 2]))
    gradient = tape.gradient(loss, weights)
    assert isinstance(gradient, tf.IndexedSlices)
    layer = nn.Embedding(3, 4, sparse=True)
    layer(torch.tensor([0, 2])).sum().backward()
    assert layer.weight.grad.is_sparse
    same(layer.weight.grad.to_dense(), tf.convert_to_tensor(gradient))
    given = {
        "value_rowids": np.array([0, 2]),
        "values": np.array([1, 2]),
        "nrows": np.int64(3),
        "default_value": np.int64(9),
    }
    filled = tf.ragged_fill_empty_rows(**given)
    assert filled.output_values.numpy().tolist() == [1, 9, 2]
    assert tf.RaggedTensor.from_value_rowids(filled.output_values, filled.output_value_rowids).shape[0] == 3
    back = tf.ragged_fill_empty_rows_grad(np.array([0, 2]), np.array([1.0, 5.0, 2.0]))
    assert back.d_values.numpy().tolist() == [1, 2]


# Distributions ---------------------------------------------------------------------------------


@proves(
    "torch.distributions.Distribution", "torch.distributions.ExponentialFamily", "torch.distributions.Transform",
    "torch.distributions.LogisticNormal", "torch.distributions.register_kl", "torch.distributions.biject_to",
    "torch.distributions.transform_to",
)  # fmt: skip
def test_bases_of_distributions():
    tfp, ours = distributions(), torch.distributions
    assert issubclass(ours.Normal, ours.ExponentialFamily)
    assert issubclass(ours.ExponentialFamily, ours.Distribution)
    assert issubclass(ours.AffineTransform, ours.Transform)
    assert issubclass(tfp.distributions.Normal, tfp.distributions.Distribution)
    assert issubclass(tfp.bijectors.Shift, tfp.bijectors.Bijector)
    (transform,) = ours.LogisticNormal(torch.zeros(2), torch.ones(2)).transforms
    assert isinstance(transform, ours.StickBreakingTransform)

    class Ours(ours.Normal):
        pass

    class Theirs(tfp.distributions.Normal):
        pass

    ours.register_kl(Ours, Ours)(lambda p, q: torch.tensor(7.0))
    tfp.distributions.RegisterKL(Theirs, Theirs)(lambda p, q, name=None: tf.constant(7.0))
    same(ours.kl_divergence(Ours(0.0, 1.0), Ours(0.0, 2.0)), Theirs(0.0, 1.0).kl_divergence(Theirs(0.0, 2.0)))
    for find in (ours.biject_to, ours.transform_to):
        assert (find(ours.constraints.positive)(torch.tensor([-3.0])) > 0).all()
    assert lacks("tf", "biject_to", "transform_to")
    assert lacks("keras", "distributions")


DENSE = ("LKJCholesky", "LowRankMultivariateNormal", "VonMises", "Wishart")


@proves(*(f"torch.distributions.{name}" for name in DENSE))
def test_densities_agree():
    theirs, ours = distributions().distributions, torch.distributions
    factor = torch.linalg.cholesky(torch.tensor([[1.0, 0.3], [0.3, 1.0]]))
    same(ours.LKJCholesky(2, 1.5).log_prob(factor), theirs.CholeskyLKJ(2, 1.5).log_prob(factor.numpy()), rtol=1e-4)
    loc, wide, diagonal = GIVEN["v"], GIVEN["m"][:, :2], GIVEN["p"][0]
    one = ours.LowRankMultivariateNormal(torch.tensor(loc), torch.tensor(wide), torch.tensor(diagonal))
    other = theirs.MultivariateNormalDiagPlusLowRankCovariance(loc, diagonal, wide)
    same(one.log_prob(x), other.log_prob(X), rtol=1e-4)
    angles = X.clip(-3, 3)
    same(ours.VonMises(0.5, 2.0).log_prob(torch.tensor(angles)), theirs.VonMises(0.5, 2.0).log_prob(angles), rtol=1e-4)
    one = ours.Wishart(torch.tensor(6.0), scale_tril=torch.tensor(GIVEN["l"]))
    other = theirs.WishartTriL(6.0, GIVEN["l"])
    same(one.log_prob(torch.tensor(GIVEN["s"])), other.log_prob(GIVEN["s"]), rtol=1e-4)
    assert all(lacks("keras.random", each) for each in ("wishart", "vonmises"))


@proves(*(f"torch.distributions.{name}Transform" for name in ("CorrCholesky", "PositiveDefinite", "StickBreaking")))
def test_transforms_agree_or_not():
    theirs, ours = distributions().bijectors, torch.distributions
    v, V = torch.tensor(GIVEN["v"][:3]), GIVEN["v"][:3]
    same(ours.StickBreakingTransform()(v), theirs.IteratedSigmoidCentered().forward(V), rtol=1e-5)
    one, other = ours.CorrCholeskyTransform()(v), torch.tensor(theirs.CorrelationCholesky().forward(V).numpy())
    for each in (one, other):
        same((each**2).sum(-1), torch.ones(3))
    assert not torch.allclose(one, other)
    lower = ours.LowerCholeskyTransform()(torch.tensor(GIVEN["m"]))
    same(ours.PositiveDefiniteTransform()(torch.tensor(GIVEN["m"])), lower @ lower.mT)
    same(lower @ lower.mT, theirs.CholeskyOuterProduct().forward(lower.numpy()), rtol=1e-5)


# Initializers and activations ------------------------------------------------------------------

DEPRECATED = {
    "uniform": (), "normal": (), "constant": (2.0,), "eye": (), "dirac": (), "xavier_uniform": (), "xavier_normal": (),
    "kaiming_uniform": (), "kaiming_normal": (), "orthogonal": (), "sparse": (0.5,),
}  # fmt: skip


@proves(
    *(f"torch.nn.init.{name}" for name in DEPRECATED),
    says="Deprecated",
    made=" ".join(f"{name}_" for name in DEPRECATED),
)
@pytest.mark.parametrize("name", DEPRECATED)
def test_old_initializers(name):
    shape, made = (3, 4, 2) if name == "dirac" else (3, 4), []
    for each in (name, f"{name}_"):
        torch.manual_seed(0)
        with pytest.warns(FutureWarning, match="deprecated") if each == name else pytest.MonkeyPatch.context():
            made.append(getattr(nn.init, each)(torch.zeros(shape), *DEPRECATED[name]))
    same(*made)


@proves("torch.nn.init.calculate_gain", "keras.initializers.Initializer", "keras.initializers.serialize")
def test_gains_and_initializers_of_ones_own():
    gain = nn.init.calculate_gain("relu")
    assert gain**2 == pytest.approx(2.0)
    scale = gain**2
    ours = nn.init.xavier_uniform_(torch.empty(400, 600), gain)
    theirs = keras.initializers.VarianceScaling(scale, "fan_avg", "uniform")((600, 400))  # 2.0 for ReLU
    assert float(abs(theirs.numpy()).max()) == pytest.approx(ours.abs().max().item(), rel=1e-3)

    class Twos(keras.initializers.Initializer):
        def __call__(self, shape, dtype=None):
            return 2 * tf.ones(shape)

    def twos(tensor):
        with torch.no_grad():
            return tensor.fill_(2)

    same(twos(nn.Parameter(torch.zeros(3, 2))), Twos()((3, 2)))
    assert keras.initializers.serialize(keras.initializers.Constant(2.0))["config"] == {"value": 2.0}
    assert not hasattr(nn.init.normal_, "get_config")


@proves("keras.activations.sparsemax", "keras.ops.sparsemax")
def test_sparsemax():
    ordered = x.sort(descending=True).values
    threshold = ((ordered.cumsum(-1) - 1) / torch.arange(1, 5)).amax(-1, keepdim=True)
    ours = (x - threshold).clamp(min=0)
    same(ours.sum(-1), torch.ones(3))
    one = torch.tensor([[3.0, 0.0, 1.0]])  # of which one number is left
    for theirs in (keras.ops.sparsemax, keras.activations.sparsemax):
        same(theirs(tf.constant(one.numpy())), torch.tensor([[1.0, 0.0, 0.0]]))
        assert (abs(theirs(tf.constant(X)).numpy().sum(-1) - 1) > 0.1).all()
    assert all(lacks(each, "sparsemax") for each in ("torch", "torch.nn", "torch.nn.functional"))


@proves("keras.activations.get", "keras.activations.serialize", "keras.activations.deserialize")
def test_functions_by_name():
    name = "gelu"
    same(getattr(torch.nn.functional, name)(x), keras.activations.get(name)(X), atol=1e-5, rtol=1e-5)
    assert keras.activations.serialize(keras.activations.gelu) == "gelu"
    assert keras.activations.deserialize("gelu") is keras.activations.gelu
    assert list(nn.Sequential(nn.GELU()).state_dict()) == []
