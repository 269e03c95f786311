"""Guards what stands for losses, metrics, optimizers and single numbers: it runs, and gives the same."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
import scipy.special

from tests.reasons.frameworks import F, keras, nn, ops, tf, torch
from tests.reasons.proofs import GIVEN, REASONS, lacks, proves, same, text

X = GIVEN["x"]
x = torch.tensor(X)


# Losses ----------------------------------------------------------------------------------------


@proves("torch.nn.AdaptiveLogSoftmaxWithLoss", "tf.nn.sampled_softmax_loss", "tf.nn.nce_loss")
def test_losses_over_sampled_classes():
    weights, biases, labels = GIVEN["n"].T.copy(), np.zeros(5, "float32"), np.array([[1], [2], [0]])
    drawn = torch.randint(3, 5, (2,))
    sampled = drawn.numpy().astype("int64"), np.ones((3, 1), "float32"), np.ones(2, "float32")
    given = {"num_sampled": 2, "num_classes": 5, "sampled_values": sampled, "remove_accidental_hits": False}
    true, others = (x * torch.tensor(weights)[labels[:, 0]]).sum(1), x @ torch.tensor(weights)[drawn].T
    scores = torch.cat([true[:, None], others], 1)
    ours = F.cross_entropy(scores, torch.zeros(3, dtype=torch.int64), reduction="none")
    same(ours, tf.nn.sampled_softmax_loss(weights, biases, labels, X, **given), rtol=1e-5)
    targets = torch.tensor([[1.0, 0.0, 0.0]] * 3)
    ours = F.binary_cross_entropy_with_logits(scores, targets, reduction="none").sum(1)
    same(ours, tf.nn.nce_loss(weights, biases, labels, X, **given), rtol=1e-5)
    assert nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6])(x, torch.tensor([0, 4, 8])).loss.shape == ()


@proves("torch.nn.LinearCrossEntropyLoss")
def test_a_layer_and_its_loss_in_one():
    ours, layer = nn.LinearCrossEntropyLoss(4, 5), keras.layers.Dense(5, use_bias=False)
    layer.build((None, 4))
    layer.kernel.assign(ours.linear.weight.detach().numpy().T)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    same(ours(x, torch.tensor(GIVEN["k"])), loss(GIVEN["k"], layer(X)), rtol=1e-5)


@proves("tf.nn.scale_regularization_loss", "keras.losses.Loss")
def test_losses_are_functions():
    strategy = tf.distribute.MirroredStrategy(["/cpu:0"])
    same(strategy.run(lambda: tf.nn.scale_regularization_loss(3.0)), np.float32(3))
    assert "averag" in text("torch.nn.parallel.DistributedDataParallel")

    class Loss(nn.Module):
        def forward(self, given):
            return (given**2).sum()

    assert Loss()(x) == torch.sum(x**2)
    assert issubclass(keras.losses.MeanSquaredError, keras.losses.Loss)
    assert tf.distribute


@proves("tf.nn.ctc_greedy_decoder", "keras.ops.ctc_decode", "tf.nn.ctc_unique_labels")
def test_greedy_decoding():
    logits = np.random.default_rng(0).normal(size=(9, 1, 4)).astype("float32")
    best = torch.tensor(logits)[:, 0].argmax(1)
    merged = torch.unique_consecutive(best)
    theirs = tf.nn.ctc_greedy_decoder(logits, [9], blank_index=0)[0][0].values
    same(merged[merged != 0], theirs)
    decoded, _ = ops.ctc_decode(logits.transpose(1, 0, 2), np.array([9]), mask_index=0)
    same(merged[merged != 0].int(), tf.boolean_mask(decoded[0, 0], decoded[0, 0] >= 0))
    assert [each.shape for each in tf.nn.ctc_unique_labels(np.array([[1, 1, 2]]))] == [(1, 3), (1, 3)]
    labels = np.array([[1, 1, 2]])
    given = {"label_length": [3], "logit_length": [9], "blank_index": 0}
    plain = tf.nn.ctc_loss(labels, logits, **given)
    same(tf.nn.ctc_loss(labels, logits, unique=tf.nn.ctc_unique_labels(labels), **given), plain, rtol=1e-5)
    ours = F.ctc_loss(torch.tensor(logits).log_softmax(2), torch.tensor(labels), [9], [3], reduction="none")
    same(ours, plain, rtol=1e-4)


@proves("tf.nn.ctc_beam_search_decoder", "tf.edit_distance")
def test_what_packages_have():
    """What torchaudio and pytorch-metric-learning have; that is by hand."""
    for namespace in ("torch", "torch.nn", "torch.nn.functional"):
        assert lacks(namespace, "beam_search", "circle", "edit_distance", "levenshtein")
    logits = np.random.default_rng(0).normal(size=(9, 1, 4)).astype("float32")
    assert len(tf.nn.ctc_beam_search_decoder(logits, [9], top_paths=2)[0]) == 2
    assert keras.losses.Circle().name == "circle"


@proves("keras.losses.serialize", "keras.losses.deserialize", "keras.metrics.serialize", "keras.metrics.deserialize")
def test_configurations():
    for place, made in ((keras.losses, keras.losses.Huber(2.0)), (keras.metrics, keras.metrics.MeanSquaredError())):
        assert type(place.deserialize(place.serialize(made))) is type(made)
    assert not hasattr(torch, "metrics")
    assert not hasattr(nn.HuberLoss(), "get_config")


# Metrics ---------------------------------------------------------------------------------------


@proves(
    "keras.metrics.PrecisionAtRecall", "keras.metrics.RecallAtPrecision",
    "keras.metrics.SensitivityAtSpecificity", "keras.metrics.SpecificityAtSensitivity",
)  # fmt: skip
def test_thresholds_are_looked_through():
    rng = np.random.default_rng(0)
    labels = (rng.uniform(size=200) < 0.4).astype("float32")
    scores = (rng.integers(0, 200, 200) / 200 * 0.5 + labels * 0.3).astype("float32")
    order = torch.tensor(scores).argsort(descending=True)
    hits = torch.tensor(labels)[order].cumsum(0)
    count = torch.arange(1, 201)
    recall, precision = hits / labels.sum(), hits / count
    specificity = 1 - (count - hits) / (1 - labels).sum()
    for name, found, held in (
        ("PrecisionAtRecall", precision, recall), ("RecallAtPrecision", recall, precision),
        ("SensitivityAtSpecificity", recall, specificity), ("SpecificityAtSensitivity", specificity, recall),
    ):  # fmt: skip
        metric = getattr(keras.metrics, name)(0.6, num_thresholds=5001)
        assert float(metric(labels, scores)) == pytest.approx(found[held >= 0.6].max().item(), abs=0.02), name


@proves("keras.metrics.Metric")
def test_a_metric_has_a_state():
    metric = keras.metrics.Mean()
    metric.update_state([1.0]), metric.update_state([3.0])
    total, count = 0.0, 0
    for batch in ([1.0], [3.0]):
        total, count = total + sum(batch), count + len(batch)
    assert float(metric.result()) == total / count == 2
    assert issubclass(keras.metrics.Mean, keras.metrics.Metric)


# Functions -------------------------------------------------------------------------------------


@proves(*(f"torch.sym_{name}" for name in ("float", "int", "ite", "max", "min", "not", "sum")))
def test_arithmetic_with_sizes():
    class Sized(nn.Module):
        def forward(self, x):
            size = torch.sym_max(torch.sym_sum([x.shape[0], 1]), torch.sym_min(2, x.shape[0]))
            return x.new_full((1,), torch.sym_float(size)) + torch.sym_int(1.5)

    given = torch.export.export(Sized(), (torch.ones(3),), dynamic_shapes=({0: torch.export.Dim("n")},))
    assert given.module()(torch.ones(5)).tolist() == [7]
    theirs = tf.function(lambda x: tf.cast(tf.maximum(tf.shape(x)[0] + 1, 2), tf.float32) + 1, reduce_retracing=True)
    assert theirs(tf.ones(5)).numpy() == 7
    assert (torch.sym_ite(True, 1, 2), torch.sym_not(True)) == (1, False)
    assert callable(torch.compile)


@proves("tf.math.accumulate_n", "torch.special.airy_ai", "tf.math.betainc", "torch.histogramdd", "torch.hash_tensor")
def test_functions_of_numpy_and_scipy():
    same(tf.math.accumulate_n([X, X]), tf.add_n([X, X]))
    assert "DEPRECATED" in text("tf.math.accumulate_n")
    u = GIVEN["u"]
    same(torch.special.airy_ai(torch.tensor(u)), np.float32(scipy.special.airy(u)[0]), rtol=1e-5)
    assert all(lacks(each, "airy") for each in ("tf.math", "tf.math.special", "keras.ops"))
    a, b, x = GIVEN["p"], GIVEN["p"] + 1, u
    same(np.float32(scipy.special.betainc(a, b, x)), tf.math.betainc(a, b, x), rtol=1e-4)
    assert all(lacks(each, "betainc") for each in ("torch", "torch.special"))
    points = torch.tensor(X[:, :2])
    found, edges = torch.histogramdd(points, [3, 3])
    same(found, np.float32(np.histogramdd(X[:, :2], [each.numpy() for each in edges])[0]))
    assert all(lacks(each, "histogramdd", "hash_tensor") for each in ("tf", "tf.math", "keras.ops"))
    array = X
    assert array.tobytes() == torch.tensor(X).numpy().tobytes()
    assert torch.hash_tensor(torch.tensor(X)) == torch.hash_tensor(torch.tensor(X.copy()))


@proves("torch.resolve_conj", "torch.resolve_neg", "torch.is_conj", "torch.is_neg")
def test_lazy_bits():
    c = torch.tensor(GIVEN["c"])
    assert c.conj().is_conj()
    assert torch.is_conj(c.conj())
    assert not torch.is_conj(torch.resolve_conj(c.conj()))
    assert torch.is_neg(c.conj().imag)
    assert not torch.is_neg(torch.resolve_neg(c.conj().imag))
    same(torch.resolve_conj(c.conj()), tf.math.conj(GIVEN["c"]))
    assert not {"is_conj", "is_neg"} & set(dir(tf.Tensor))
    assert "lazy bit" in REASONS["torch.is_neg"]
