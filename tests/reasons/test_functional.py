"""Guards what stands for functions of torch.nn.functional and tf.nn: it runs, and gives the same."""

from __future__ import annotations

import inspect
from unittest import mock

import numpy as np
import pytest

from tests.reasons.frameworks import F, keras, nn, tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same

X = GIVEN["x"]
x = torch.tensor(X)
SHAPED = {1: "signal", 2: "images", 3: "volume"}
IMAGES = torch.tensor(GIVEN["images"]).permute(0, 3, 1, 2)


def last(tensor):
    return tensor.movedim(1, -1)


# Pooling ---------------------------------------------------------------------------------------


@proves(*(f"torch.nn.functional.adaptive_max_pool{count}d_with_indices" for count in SHAPED))
@pytest.mark.parametrize("count", SHAPED)
def test_adaptive_pooling_gives_the_values(count):
    given = GIVEN[SHAPED[count]]
    pool = getattr(F, f"adaptive_max_pool{count}d_with_indices")
    values, _ = pool(torch.tensor(given).movedim(-1, 1), 2)
    same(last(values), keras.ops.adaptive_max_pool(tf.constant(given), 2))
    assert "indices" not in inspect.signature(keras.ops.adaptive_max_pool).parameters


@proves("torch.nn.functional.max_pool1d_with_indices", "torch.nn.functional.max_pool3d_with_indices")
def test_indices_are_given_of_images():
    signal = GIVEN["signal"]
    values, indices = F.max_pool1d_with_indices(torch.tensor(signal).movedim(-1, 1), 2)
    theirs, flat = tf.nn.max_pool_with_argmax(signal[:, :, None], [2, 1], [2, 1], "VALID")
    same(last(values), theirs[:, :, 0])
    same(last(indices), flat[:, :, 0] // signal.shape[-1])
    assert lacks("tf.nn", "max_pool3d_with", "max_pool1d_with")


@proves(*(f"torch.nn.functional.max_unpool{count}d" for count in SHAPED))
@pytest.mark.parametrize("count", SHAPED)
def test_values_are_scattered_back(count):
    given = torch.tensor(GIVEN[SHAPED[count]])[:1].movedim(-1, 1)
    given = given[(...,) + (slice(4),) * count]
    values, indices = getattr(F, f"max_pool{count}d_with_indices")(given, 2)
    wanted = getattr(F, f"max_unpool{count}d")(values, indices, 2)
    images = last(given).numpy()[0].reshape(1, 4, -1, 3)
    if count == 3:
        pooled, flat = last(values).numpy(), last(indices).numpy() * 3 + np.arange(3)
    else:
        window = (2, 2) if count == 2 else (2, 1)
        pooled, flat = tf.nn.max_pool_with_argmax(images, window, window, "VALID")
    size = images.size
    back = tf.scatter_nd(tf.reshape(flat, (-1, 1)), tf.reshape(pooled, -1), [size])
    same(last(wanted).reshape(-1), back)


@proves(
    "torch.nn.functional.fractional_max_pool3d", "torch.nn.functional.fractional_max_pool3d_with_indices",
    "tf.nn.fractional_avg_pool",
)  # fmt: skip
def test_what_fractional_pooling_lacks():
    assert lacks("tf.nn", "fractional_max_pool3d")
    assert lacks("keras.layers", "fractional")
    assert lacks("torch.nn", "fractionalavg")
    assert tf.nn.fractional_avg_pool(GIVEN["images"], [1, 1.5, 1.5, 1], seed=1)[0].shape == (2, 5, 5, 3)


@proves("torch.nn.functional.affine_grid", says="pixels, not of -1 to 1")
def test_a_shift_is_in_pixels_or_parts_of_the_image():
    shift = torch.tensor([[[1.0, 0.0, 2 / 8], [0.0, 1.0, 0.0]]]).repeat(2, 1, 1)
    grid = F.affine_grid(shift, IMAGES.shape, align_corners=False)
    ours = F.grid_sample(IMAGES, grid, align_corners=False)
    same(last(ours), keras.ops.image.affine_transform(GIVEN["images"], np.float32([[1, 0, 1, 0, 1, 0, 0, 0]] * 2)))


# Attention, normalisation, convolution ---------------------------------------------------------


@proves("torch.nn.functional.multi_head_attention_forward")
def test_attention_without_projections():
    layer = nn.MultiheadAttention(4, 2)
    with mock.patch.object(F, "multi_head_attention_forward", return_value=(1, 2)) as called:
        assert layer(x, x, x)[0] == 1
    assert called.called
    q = np.random.default_rng(0).normal(size=(2, 5, 2, 4)).astype("float32")
    ours = F.scaled_dot_product_attention(*[torch.tensor(q).transpose(1, 2)] * 3).transpose(1, 2)
    same(ours, keras.ops.dot_product_attention(q, q, q), rtol=1e-5)


@proves("tf.nn.batch_norm_with_global_normalization")
def test_the_old_normalisation_is_batch_normalization():
    mean, variance = tf.nn.moments(GIVEN["images"], [0, 1, 2])
    scale, offset = tf.constant([1.0, 2.0, 3.0]), tf.ones(3)
    old = tf.nn.batch_norm_with_global_normalization(GIVEN["images"], mean, variance, offset, scale, 1e-3, True)
    same(old, tf.nn.batch_normalization(GIVEN["images"], mean, variance, offset, scale, 1e-3))


@proves(*(f"tf.nn.RNNCell{kind}Wrapper" for kind in ("Device", "Dropout", "Residual")), says="from TensorFlow 1")
def test_wrappers_of_cells():
    for kind in ("Device", "Dropout", "Residual"):
        assert (
            getattr(tf.nn, f"RNNCell{kind}Wrapper").__module__ == "tensorflow.python.keras.layers.rnn_cell_wrapper_v2"
        )
    theirs = keras.layers.SimpleRNNCell(4)
    wrapped, _ = tf.nn.RNNCellResidualWrapper(theirs)(X, [X])
    cell, h = nn.RNNCell(4, 4), x
    kernel, recurrent, bias = (torch.tensor(each) for each in theirs.get_weights())
    weights = {"weight_ih": kernel.T, "weight_hh": recurrent.T, "bias_ih": bias, "bias_hh": 0 * bias}
    cell.load_state_dict(weights)
    same(x + cell(x, h), wrapped)
    assert isinstance(F.dropout(x), torch.Tensor)
    assert callable(cell.forward)


@proves("tf.nn.with_space_to_batch")
def test_convolutions_take_dilation():
    weights = np.random.default_rng(0).normal(size=(3, 3, 3, 2)).astype("float32")

    def convolve(images, *_):
        return tf.nn.conv2d(images, weights, 1, "VALID")

    theirs = tf.nn.with_space_to_batch(GIVEN["images"], [2, 2], "VALID", convolve, filter_shape=[3, 3])
    same(last(F.conv2d(IMAGES, torch.tensor(weights).permute(3, 2, 0, 1), dilation=2)), theirs, rtol=1e-4)


@proves("torch.convolution", "torch.feature_dropout", "torch.native_norm", "torch.batch_norm_update_stats")
def test_what_is_undocumented_gives_what_is_documented():
    weights = torch.ones(2, 3, 3, 3)
    ours = torch.convolution(IMAGES, weights, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)
    same(ours, torch.nn.functional.conv2d(IMAGES, weights))
    for given, drop in ((IMAGES[..., 0], F.dropout1d), (IMAGES, F.dropout2d), (IMAGES[..., None], F.dropout3d)):
        dropped = [(torch.manual_seed(0), each(given, 0.5, True))[1] for each in (torch.feature_dropout, drop)]
        same(*dropped)
    same(torch.native_norm(x.to_sparse()), torch.linalg.vector_norm(x.to_sparse()))
    with pytest.raises(NotImplementedError):
        torch.native_norm(x)
    assert not any(getattr(torch, name).__doc__ for name in ("convolution", "feature_dropout", "native_norm"))
    norm, mean, variance = nn.BatchNorm1d(4), torch.zeros(4), torch.ones(4)
    norm(x)
    torch.batch_norm_update_stats(x, mean, variance, 0.1)
    same([mean, variance], [norm.running_mean, norm.running_var])


@proves(*(f"torch.{name}" for name in ("gru", "lstm", "rnn_relu", "rnn_tanh")))
@pytest.mark.parametrize(("function", "layer"), [
    (torch.gru, nn.GRU(4, 3)), (torch.lstm, nn.LSTM(4, 3)), (torch.rnn_tanh, nn.RNN(4, 3)),
    (torch.rnn_relu, nn.RNN(4, 3, nonlinearity="relu")),
], ids=["gru", "lstm", "tanh", "relu"])  # fmt: skip
def test_recurrent_layers_call_a_function(function, layer):
    """As nn.GRU, nn.LSTM, nn.RNN."""
    sequence = torch.tensor(GIVEN["seq"])
    state = torch.zeros(1, 5, 3)
    state = (state, state) if function is torch.lstm else state
    found = function(sequence, state, list(layer.parameters()), True, 1, 0.0, False, False, False)
    assert {nn.GRU, nn.LSTM, nn.RNN} >= {type(layer)}
    same(found[0], layer(sequence)[0])


@proves(*(f"torch.{name}_cell" for name in ("gru", "lstm", "rnn_relu", "rnn_tanh")))
@pytest.mark.parametrize(("function", "cell"), [
    (torch.gru_cell, nn.GRUCell(4, 3)), (torch.lstm_cell, nn.LSTMCell(4, 3)),
    (torch.rnn_tanh_cell, nn.RNNCell(4, 3)), (torch.rnn_relu_cell, nn.RNNCell(4, 3, nonlinearity="relu")),
], ids=["gru", "lstm", "tanh", "relu"])  # fmt: skip
def test_cells_call_a_function(function, cell):
    state = torch.zeros(3, 3)
    found = function(x, (state, state) if function is torch.lstm_cell else state, *cell.parameters())
    assert {nn.GRUCell, nn.LSTMCell, nn.RNNCell} >= {type(cell)}
    same(found, cell(x))


# Sampling, ordering ----------------------------------------------------------------------------


@proves(
    "tf.nn.all_candidate_sampler", "tf.nn.learned_unigram_candidate_sampler", "tf.nn.fixed_unigram_candidate_sampler",
    "tf.nn.compute_accidental_hits", says="softmax over very many",
)  # fmt: skip
def test_classes_are_sampled():
    labels = np.array([[1], [2]])
    drawn, *_ = tf.nn.all_candidate_sampler(labels, 1, 5, True)
    assert sorted(drawn.numpy()) == [0, 1, 2, 3, 4]
    hits, *_ = tf.nn.compute_accidental_hits(labels, drawn, 1)
    assert len(hits) == 2
    weights = [0.0, 1.0, 0.0, 3.0]
    drawn, *_ = tf.nn.fixed_unigram_candidate_sampler(labels, 1, 4000, False, 4, unigrams=weights, seed=1)
    ours = torch.multinomial(torch.tensor(weights), 4000, replacement=True)
    for each in (drawn.numpy(), ours.numpy()):
        assert np.bincount(each, minlength=4)[:3].tolist()[::2] == [0, 0]
        assert (each == 3).mean() == pytest.approx(0.75, abs=0.05)
    loss = nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6])
    assert loss(x, torch.tensor([0, 4, 8])).loss.shape == ()
    assert lacks("torch.nn.functional", "sampler", "candidate")


@proves("tf.nn.isotonic_regression")
def test_isotonic_regression():
    import sklearn.isotonic

    y = np.float32([3, 1, 2, 5, 4])
    theirs = tf.nn.isotonic_regression(y[None]).output[0]
    same(np.float32(sklearn.isotonic.isotonic_regression(y, increasing=False)), theirs)
    assert lacks("torch", "isotonic")


@proves("tf.nn.approx_min_k", "tf.math.approx_min_k")
def test_the_smallest_under_xla_or_exactly():
    k = 2
    with pytest.raises(tf.errors.OpError):
        tf.math.approx_min_k(X, k)
    assert tf.nn.approx_max_k(X, k)[0].shape == (3, k)
    for function in (tf.nn.approx_min_k, tf.math.approx_min_k):
        theirs = tf.function(lambda given, smallest=function: smallest(given, k), jit_compile=True)(X)
        same(list(torch.topk(x, k, largest=False)), [theirs[0], tf.cast(theirs[1], tf.int64)])


@proves("torch.nn.functional.grouped_mm")
def test_groups_of_rows():
    rng = np.random.default_rng(0)
    rows, matrices = (rng.normal(size=size).astype("float32") for size in ((10, 8), (2, 8, 8)))
    ours = F.grouped_mm(torch.tensor(rows), torch.tensor(matrices), offs=torch.tensor([4, 10], dtype=torch.int32))
    groups = zip(tf.split(rows, [4, 6]), matrices)
    same(ours, tf.concat([tf.matmul(group, matrix) for group, matrix in groups], 0), rtol=1e-5, atol=1e-5)
