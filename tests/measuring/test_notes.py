"""Guards what notes of the API map state without a line that runs: each is measured here."""

from __future__ import annotations

import numpy as np
import pytest

from headtohead.content.rows import areas
from tests.support.repository import ROOT

torch = pytest.importorskip("torch")
pytest.importorskip("torch._dynamo")  # before TensorFlow, which it does not bear to come after
tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def why(name):
    return next(area.only[name] for area in areas(ROOT) if name in area.only)


def notes(torch_line):
    return [row.note for area in areas(ROOT) for row in area.rows if row.torch == torch_line]


# Training --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gradient", "shorter"), [(1e-5, "3 %"), (1e-7, "74 %")])
def test_a_small_gradient_has_a_shorter_first_step_in_keras(gradient, shorter):
    (note,) = [note for note in notes("optim.Adam([x])") if note]
    assert shorter in note
    weight = torch.zeros(1, requires_grad=True)
    weight.grad = torch.tensor([gradient])
    torch.optim.Adam([weight], lr=0.1).step()
    variable, optimizer = keras.Variable([0.0]), keras.optimizers.Adam(0.1, epsilon=1e-8)
    optimizer.build([variable])
    optimizer.apply([tf.constant([gradient])])
    assert f"{100 * (1 - float(variable.numpy()[0]) / weight.item()):.0f} %" == shorter


# Layers and images -----------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "kernel", "equal"), [(8, 3, []), (7, 3, [1]), (8, 4, [1]), (9, 7, [3]), (8, 5, [])])
def test_same_with_a_stride_is_an_integer_padding_where_the_total_is_even(size, kernel, equal):
    (note,) = [note for note in notes("nn.Conv2d(3, 4, 3, padding=1)(images)") if note]
    assert "where the total is odd more at the end" in note
    rng = np.random.default_rng(0)
    images, weights = (rng.normal(size=each).astype("float32") for each in ((1, size, size, 2), (kernel, kernel, 2, 3)))
    wanted = tf.nn.conv2d(images, weights, 2, "SAME").numpy()
    found = []
    for padding in range(kernel):
        turned = torch.tensor(images).permute(0, 3, 1, 2), torch.tensor(weights).permute(3, 2, 0, 1)
        given = torch.nn.functional.conv2d(*turned, stride=2, padding=padding).permute(0, 2, 3, 1).numpy()
        if given.shape == wanted.shape and np.allclose(given, wanted, atol=1e-4):
            found.append(padding)
    assert found == equal


def test_tensorflow_and_keras_add_brightness():
    for name in ("tf.image.random_brightness", "tf.image.stateless_random_brightness"):
        assert "TensorFlow adds" in why(name)
    assert "Keras adds" in why("keras.layers.RandomBrightness")
    dark, light = (np.full((1, 2, 2, 3), each, "float32") for each in (0.2, 0.4))
    brighter = keras.layers.RandomBrightness((0.5, 0.5), value_range=(0, 1))
    for image in (dark, light):
        assert np.allclose(tf.image.adjust_brightness(image, 0.2), image + 0.2)
        assert np.allclose(brighter(image, training=True), image + 0.5)


# Numbers ---------------------------------------------------------------------------------------


def test_a_sigmoid_transform_keeps_off_zero_and_one():
    (note,) = [note for note in notes("torch.distributions.SigmoidTransform()(x)") if note]
    bounds = torch.distributions.SigmoidTransform()(torch.tensor([-1e3, 1e3]))
    assert f"{bounds[0].item():.1e}" in note
    assert f"1 - {1 - bounds[1].item():.1e}".replace("e-0", "e-") in note


def test_scores_between_two_thresholds_are_ties_for_keras():
    scores, labels = np.linspace(1e-4, 4e-3, 20, dtype="float32"), np.repeat([0.0, 1.0], 10)
    assert float(keras.metrics.AUC()(labels, scores)) == pytest.approx(0.5)
    assert any("count as ties" in note for area in areas(ROOT) for note in [row.note for row in area.rows])


def test_a_row_without_spread_has_no_correlation_in_keras():
    even, rising = np.float32([[1, 1, 1]]), np.float32([[1, 2, 3]])
    assert np.isnan(keras.metrics.pearson_correlation(rising, even)).all()
    assert torch.nn.functional.cosine_similarity(torch.tensor(even - 1), torch.tensor(rising - 2)).item() == 0
