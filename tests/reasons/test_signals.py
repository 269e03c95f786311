"""Guards what stands for transforms, windows and images: it runs, and gives the same, or is said to be by hand."""

from __future__ import annotations

import io
import math

import numpy as np
import PIL.Image
import pytest

from tests.reasons.frameworks import F, keras, ops, tf, torch
from tests.reasons.proofs import BY_HAND, GIVEN, REASONS, lacks, proves, same

SIGNAL = np.random.default_rng(0).normal(size=16).astype("float32")
COLOURS = np.random.default_rng(0).uniform(size=(2, 4, 4, 3)).astype("float32")

# Transforms ------------------------------------------------------------------------------------


@proves("torch.fft.Tensor", "torch.signal.windows.nuttall")
def test_a_window_of_cosines():
    assert torch.fft.Tensor is torch.Tensor
    at = 2 * math.pi * ops.arange(8, dtype="float32") / 7
    factors = (0.3635819, -0.4891775, 0.1365995, -0.0106411)
    same(torch.signal.windows.nuttall(8), sum(f * ops.cos(k * at) for k, f in enumerate(factors)), atol=1e-6)


MADE = " ".join(f"{way}fft{kind}" for way in ("", "i", "r", "ir") for kind in ("n", "nd", "2d", "3d"))


@proves(
    *(f"tf.{place}{way}fftnd" for place in ("", "signal.") for way in ("", "i", "r", "ir")), says="o kernel", made=MADE
)
@pytest.mark.parametrize("way", ["", "i", "r", "ir"])
@pytest.mark.parametrize("count", [2, 3])
def test_transforms_over_any_axes_have_no_kernel(way, count):
    given = np.random.default_rng(0).normal(size=(4,) * count).astype("float32")
    given = given if way == "r" else given + 0j
    for place in (tf, tf.signal):
        with pytest.raises(tf.errors.NotFoundError):
            getattr(place, f"{way}fftnd")(tf.constant(given), [4] * count, list(range(count)))
    sizes = {"fft_length": [4] * count} if way in ("r", "ir") else {}
    given = given if way != "ir" else np.fft.rfftn(given.real).astype("complex64")
    ours = getattr(torch.fft, f"{way}fftn")(torch.tensor(given))
    same(ours, getattr(tf.signal, f"{way}fft{count}d")(tf.constant(given), **sizes), rtol=1e-4, atol=1e-5)


@proves("tf.signal.idct")
def test_cosine_transforms_are_products():
    x, matrix = torch.tensor(SIGNAL), torch.tensor(tf.signal.dct(tf.eye(16), norm="ortho").numpy())
    same(x @ matrix, tf.signal.dct(SIGNAL, norm="ortho"), rtol=1e-4, atol=1e-5)
    same(x @ matrix.T, tf.signal.idct(SIGNAL, norm="ortho"), rtol=1e-4, atol=1e-5)
    idct, dct = tf.signal.idct, tf.signal.dct
    same(2 * 16 * x, idct(dct(SIGNAL)), rtol=1e-4, atol=1e-4)
    assert all(lacks(each, "dct") for each in ("torch", "torch.fft"))


@proves("tf.signal.mdct", "tf.signal.inverse_mdct")
def test_frames_times_a_window_and_cosines():
    x, half = torch.tensor(SIGNAL), torch.arange(4)
    window = torch.tensor(tf.signal.vorbis_window(8).numpy())
    cosines = torch.cos(math.pi / 4 * (torch.arange(8)[:, None] + 0.5 + 2) * (half + 0.5))
    theirs = tf.signal.mdct(SIGNAL, 8)
    same(2 * (x.unfold(0, 8, 4) * window) @ cosines, theirs, rtol=1e-4, atol=1e-5)
    frames = torch.tensor(theirs.numpy()) @ cosines.T * window / 4
    back = F.fold(frames.T[None], (1, 16), (1, 8), stride=4)[0, 0, 0]
    same(back, tf.signal.inverse_mdct(theirs), rtol=1e-4, atol=1e-5)
    same(back[4:12], SIGNAL[4:12], atol=1e-5)


@proves("tf.signal.kaiser_bessel_derived_window", "tf.signal.inverse_stft_window_fn")
def test_windows():
    total = torch.cumsum(torch.kaiser_window(5, periodic=False, beta=12.0), 0)
    half = (total[:-1] / total[-1]).sqrt()
    same(torch.cat([half, half.flip(0)]), tf.signal.kaiser_bessel_derived_window(8, 12.0))
    window = torch.hann_window(8)
    x = torch.tensor(SIGNAL)
    transformed = torch.stft(x, 8, 4, window=window, return_complex=True)
    same(torch.istft(transformed, 8, 4, window=window), x, atol=1e-5)
    transformed = tf.signal.stft(SIGNAL, 8, 4)
    back = tf.signal.inverse_stft(transformed, 8, 4, window_fn=tf.signal.inverse_stft_window_fn(4))
    same(back[4:12], SIGNAL[4:12], atol=1e-5)


@proves("keras.initializers.STFT", "tf.signal.linear_to_mel_weight_matrix", "tf.signal.mfccs_from_log_mel_spectrograms")
def test_spectra():
    layers = keras.layers
    layer = layers.STFTSpectrogram(mode="real", frame_length=8, frame_step=4, fft_length=8)
    theirs = layer(SIGNAL[None, :, None])
    kernel = keras.initializers.STFT("real", periodic=False)((8, 1, 5))
    assert kernel.shape == (8, 1, 5)
    window = torch.hann_window(8, periodic=False)
    ours = torch.stft(torch.tensor(SIGNAL), 8, 4, window=window, center=False, return_complex=True)
    ratio = ours.real.T[None].numpy() / theirs.numpy()
    same(np.float32(ratio), np.full_like(ratio, ratio.mean()), rtol=1e-2)
    assert lacks("torch", "mel_", "mfcc")


# Images ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, why in REASONS.items() if "torchvision." in why and BY_HAND in why])
def test_pytorch_has_nothing_of_what_torchvision_has(name):
    last = name.rpartition(".")[2].lower()
    for namespace in ("torch", "torch.nn", "torch.nn.functional", "torch.utils"):
        assert lacks(namespace, last, last.replace("_", ""))


def test_what_tensorflow_and_keras_do_to_colours():
    """What reasons say beside what torchvision has."""
    assert sum("TensorFlow multiplies the saturation in HSV" in why for why in REASONS.values()) == 2
    assert "TensorFlow scales S in HSV" in REASONS["tf.image.adjust_saturation"]
    assert "Keras multiplies the saturation in HSV" in REASONS["keras.layers.RandomSaturation"]
    hsv = tf.image.rgb_to_hsv(COLOURS)
    found = tf.image.rgb_to_hsv(tf.image.adjust_saturation(COLOURS, 0.5))
    same(found[..., 1], hsv[..., 1] / 2, rtol=1e-4, atol=1e-5)
    factors = []
    for seed in range(3):
        layer = keras.layers.RandomSaturation(0.5, seed=seed)
        ratio = tf.image.rgb_to_hsv(layer(COLOURS[:1], training=True))[..., 1] / hsv[:1, ..., 1]
        factors.append(float(tf.reduce_mean(ratio)))
        if factors[-1] < 1:
            same(np.float32(ratio), np.full_like(ratio, factors[-1]), rtol=1e-3)
    assert min(factors) < 1
    assert "as TensorFlow does" in REASONS["tf.image.random_hue"]
    turned = tf.image.rgb_to_hsv(tf.image.adjust_hue(COLOURS, 0.25))
    same((turned[..., 0] - hsv[..., 0]) % 1, np.full((2, 4, 4), 0.25, "float32"), rtol=1e-3, atol=1e-4)
    assert "the mean of each channel" in REASONS["tf.image.random_contrast"]
    mean = COLOURS.mean((1, 2), keepdims=True)
    same(tf.image.adjust_contrast(COLOURS, 0.5), mean + (COLOURS - mean) / 2, rtol=1e-4, atol=1e-5)
    assert "the mean of each channel" in REASONS["keras.layers.RandomContrast"]
    ratio = (keras.layers.RandomContrast(0.5, seed=1, value_range=(0, 1))(COLOURS[:1], training=True) - mean[:1]) / (
        COLOURS[:1] - mean[:1]
    )
    same(np.float32(np.median(ratio, (1, 2))), np.full((1, 3), np.median(ratio), "float32"), rtol=1e-2)


def test_tensorflow_flips_image_by_image():
    assert "TensorFlow once an image" in REASONS["tf.image.random_flip_left_right"]
    many = np.tile(COLOURS[:1], (32, 1, 1, 1))
    flipped = [np.allclose(each, COLOURS[0]) for each in tf.image.random_flip_left_right(many, seed=1)]
    assert 0 < sum(flipped) < 32


@proves("tf.image.ResizeMethod")
def test_methods_are_text():
    images = torch.tensor(GIVEN["images"]).permute(0, 3, 1, 2)
    mode = tf.image.ResizeMethod.BILINEAR
    same(
        F.interpolate(images, (5, 5), mode=mode).permute(0, 2, 3, 1), tf.image.resize(GIVEN["images"], (5, 5), mode),
        rtol=1e-4, atol=1e-5,
    )  # fmt: skip


def written(kind):
    file = io.BytesIO()
    PIL.Image.fromarray((COLOURS[0] * 255).astype("uint8")).save(file, kind)
    return file


@proves("tf.image.decode_bmp", "tf.image.extract_jpeg_shape", "tf.image.is_jpeg")
def test_files_of_images():
    file = written("BMP")
    same(np.asarray(PIL.Image.open(file)), tf.image.decode_bmp(file.getvalue()))
    file = written("JPEG")
    opened = PIL.Image.open(file)
    assert (opened.format, opened.size) == ("JPEG", (4, 4))
    assert tf.image.extract_jpeg_shape(file.getvalue()).numpy().tolist() == [4, 4, 3]
    assert tf.image.is_jpeg(file.getvalue())
    assert not tf.image.is_jpeg(written("BMP").getvalue())


@proves("tf.image.extract_glimpse")
def test_a_window_at_any_place():
    theirs = tf.image.extract_glimpse(GIVEN["images"], [4, 4], np.zeros((2, 2), "float32"))
    images = torch.tensor(GIVEN["images"]).permute(0, 3, 1, 2)
    half = torch.tensor([[[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]]]).repeat(2, 1, 1)
    ours = F.grid_sample(images, F.affine_grid(half, (2, 3, 4, 4), align_corners=False), align_corners=False)
    same(ours.permute(0, 2, 3, 1), theirs)


@proves("tf.image.rgb_to_hsv", "tf.image.hsv_to_rgb", "keras.ops.image.rgb_to_hsv", "keras.ops.image.hsv_to_rgb")
def test_hue_saturation_value():
    colours = torch.tensor(COLOURS)
    largest, smallest = colours.amax(-1), colours.amin(-1)
    red, green, blue = colours.unbind(-1)
    span = largest - smallest
    hue = torch.where(largest == red, (green - blue) / span % 6, (blue - red) / span + 2)
    hue = torch.where((largest == blue) & (largest != red), (red - green) / span + 4, hue)
    h, s, v = hue / 6, span / largest, largest
    hsv = torch.stack([h, s, v], -1)
    same(hsv, tf.image.rgb_to_hsv(COLOURS), rtol=1e-4)
    same(hsv, keras.ops.image.rgb_to_hsv(tf.constant(COLOURS)), rtol=1e-4)
    channels = []
    for n in (5, 3, 1):
        k = (n + 6 * h) % 6
        channels.append(v - v * s * torch.minimum(k, 4 - k).clamp(0, 1))
    back = torch.stack(channels, -1)
    same(back, tf.image.hsv_to_rgb(hsv.numpy()), rtol=1e-4, atol=1e-5)
    same(back, keras.ops.image.hsv_to_rgb(tf.constant(hsv.numpy())), rtol=1e-4, atol=1e-5)
    same(back, colours, rtol=1e-4, atol=1e-5)


CONVERSIONS = ("rgb_to_yuv", "yuv_to_rgb", "rgb_to_yiq", "yiq_to_rgb")


@proves(*(f"tf.image.{name}" for name in CONVERSIONS), made=" ".join(CONVERSIONS))
@pytest.mark.parametrize(("forth", "back"), [
    (tf.image.rgb_to_yuv, tf.image.yuv_to_rgb), (tf.image.rgb_to_yiq, tf.image.yiq_to_rgb),
])  # fmt: skip
def test_colours_times_a_matrix(forth, back):
    matrix, inverse = (torch.tensor(convert(tf.eye(3)).numpy()) for convert in (forth, back))
    ours = torch.einsum("bhwc,cd->bhwd", torch.tensor(COLOURS), matrix)
    same(ours, forth(COLOURS), rtol=1e-4, atol=1e-5)
    same(torch.einsum("bhwc,cd->bhwd", ours, inverse), back(ours.numpy()), rtol=1e-4, atol=1e-4)


@proves("torch.affine_grid_generator", "torch.grid_sampler", "torch.grid_sampler_2d", "torch.grid_sampler_3d")
def test_internal_functions_of_grids():
    images, theta = torch.tensor(GIVEN["images"]).permute(0, 3, 1, 2), torch.eye(2, 3).repeat(2, 1, 1)
    grid = F.affine_grid(theta, (2, 3, 4, 4), align_corners=False)
    same(torch.affine_grid_generator(theta, (2, 3, 4, 4), False), grid)
    wanted = F.grid_sample(images, grid, align_corners=False)
    for sampler in (torch.grid_sampler, torch.grid_sampler_2d):
        same(sampler(images, grid, 0, 0, False), wanted)
    volume, grid = images[:, :, None], torch.nn.functional.pad(grid, (0, 1))[:, None]
    same(torch.grid_sampler_3d(volume, grid, 0, 0, False), F.grid_sample(volume, grid, align_corners=False))
