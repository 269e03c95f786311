"""Guards what notes of the API map and of differences state without a line that runs: each is measured here."""

from __future__ import annotations

import re

import numpy as np
import pytest

from headtohead.content.differences import groups
from headtohead.content.expressions import ROOTS
from headtohead.content.rows import areas
from headtohead.measuring.exports import there
from tests.support.repository import ROOT

torch = pytest.importorskip("torch")
pytest.importorskip("torch._dynamo")  # before TensorFlow, which it does not bear to come after
tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def why(name):
    return next(area.only[name] for area in areas(ROOT) if name in area.only)


def notes(torch_line):
    return [row.note for area in areas(ROOT) for row in area.rows if row.torch == torch_line]


NAME = re.compile(rf"(?<![\w./-])(?:{'|'.join(ROOTS)})(?:\.[A-Za-z_]\w*)+")


def test_what_a_note_or_a_reason_names_is_there():
    found = {}
    for area in areas(ROOT):
        texts = {f"{row.where}:{row.line}": f"{row.note} {row.holds}" for row in area.rows} | area.only
        for where, text in texts.items():
            found |= dict.fromkeys(NAME.findall(text), where)
    assert len(found) > 200
    full = {name: ROOTS[name.partition(".")[0]] + "." + name.partition(".")[2] for name in found}
    assert {name: where for name, where in found.items() if not there(full[name])} == {}
    assert not there("torch.nn.no_such_layer")


# Graphs and seeds ------------------------------------------------------------------------------


def doubled(x):
    while x.sum() < 10:
        x = x * 2
    return x


@pytest.mark.parametrize("name", ["tf.while_loop", "keras.ops.while_loop"])
def test_a_loop_on_data_leaves_the_graph_and_torch_while_loop_stays_in_it(name):
    assert "torch.while_loop" in why(name)
    assert "traces it" not in why(name)
    torch._dynamo.reset()
    assert torch._dynamo.explain(doubled)(torch.ones(3)).graph_break_count == 1
    torch._dynamo.reset()
    with pytest.raises(torch._dynamo.exc.Unsupported):
        torch.compile(doubled, fullgraph=True, backend="eager")(torch.ones(3))

    class Looping(torch.nn.Module):
        def forward(self, x):
            return torch._higher_order_ops.while_loop(lambda x: x.sum() < 10, lambda x: (x * 2,), (x,))[0]

    program = torch.export.export(Looping(), (torch.ones(3),))
    assert program.module()(torch.ones(3)).tolist() == [4, 4, 4]


def test_the_seed_that_stands_for_manual_seed_repeats_the_weights_of_keras():
    assert why("torch.manual_seed").startswith("keras.utils.set_random_seed")
    assert "does not repeat" in why("torch.manual_seed")
    drawn = {}
    for seed in (keras.utils.set_random_seed, tf.random.set_seed):
        for _ in range(2):
            seed(0)
            drawn.setdefault(seed, []).append(np.array(keras.initializers.GlorotUniform()((2, 2))))
    assert np.array_equal(*drawn[keras.utils.set_random_seed])
    assert not np.array_equal(*drawn[tf.random.set_seed])


# Training --------------------------------------------------------------------------------------


def rates_pytorch(patience):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)
    schedule, rates = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=patience), []
    for _ in range(6):
        schedule.step(1.0)
        rates.append(round(optimizer.param_groups[0]["lr"], 6))
    return rates


def rates_keras(patience):
    model, rates = keras.Sequential(), []
    model.optimizer = keras.optimizers.SGD(1.0)
    plateau = keras.callbacks.ReduceLROnPlateau("loss", patience=patience)
    plateau.set_model(model), plateau.on_train_begin()
    for epoch in range(6):
        plateau.on_epoch_end(epoch, {"loss": 1.0})
        rates.append(round(float(model.optimizer.learning_rate), 6))
    return rates


def test_patience_differs_by_one_from_one_on():
    for name in ("keras.callbacks.ReduceLROnPlateau", "torch.optim.lr_scheduler.ReduceLROnPlateau"):
        assert "At 0 both act at the first bad epoch" in why(name)
    (difference,) = [each for group in groups(ROOT) for each in group.entries if each.id == "plateau-patience"]
    assert "leave 0 as it is" in difference.fix
    assert rates_pytorch(0) == rates_keras(0) == rates_keras(1)
    for patience in (1, 2, 3):
        assert rates_pytorch(patience) == rates_keras(patience + 1) != rates_keras(patience)


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


def test_activity_regularisation_is_divided_by_the_batch_size():
    assert "divides the term by the batch size" in why("keras.layers.ActivityRegularization")
    model = keras.Sequential([keras.layers.ActivityRegularization(l2=0.1)])
    for size in (4, 8):
        model(np.ones((size, 3), "float32"))
        assert float(model.losses[0]) == pytest.approx(0.3)


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
