"""Guards what stands for tensors, dtypes, devices and graphs: it runs, and gives the same or does what is said."""

from __future__ import annotations

import hashlib
import inspect

import numpy as np
import pytest

from tests.reasons.frameworks import F, keras, layers, nn, tf, torch
from tests.reasons.proofs import GIVEN, REASONS, lacks, proves, same, text

X = GIVEN["x"]
x = torch.tensor(X)

# Devices and memory ----------------------------------------------------------------------------


@proves(*(f"torch.Tensor.{name}" for name in ("cpu", "cuda", "ipu", "xpu", "mtia")))
def test_a_tensor_goes_where_a_block_says():
    with tf.device("CPU:0"):
        assert tf.identity(tf.constant(X)).device.endswith("CPU:0")
    assert x.cpu().device.type == "cpu"
    assert not {"cpu", "cuda", "xpu"} & set(dir(tf.Tensor))
    if not torch.cuda.is_available():
        with pytest.raises((RuntimeError, AssertionError)):
            x.cuda()


@proves("torch.Tensor.pin_memory", "torch.Tensor.is_pinned", "torch.Tensor.record_stream", "tf.check_pinned")
def test_pinned_memory():
    assert x.is_pinned() is False
    assert "pinned" in text("torch.Tensor.pin_memory")
    assert "stream" in text("torch.Tensor.record_stream")
    with pytest.raises(tf.errors.InvalidArgumentError, match="not pin"):
        tf.check_pinned(tf.constant(1.0))
    assert not {"is_pinned", "pin_memory", "record_stream"} & set(dir(tf.Tensor))


@proves("tf.device", "tf.DeviceSpec", "torch.get_device")
def test_devices_are_said_of_tensors_blocks_or_everything():
    assert torch.device("cuda", 1).index == tf.DeviceSpec.from_string("/GPU:1").device_index == 1
    assert torch.device("cuda", 1).type == "cuda"
    assert x.to("meta").device.type == "meta"
    with torch.device("meta"):
        assert torch.zeros(1).device.type == "meta"
    torch.set_default_device("meta")
    assert torch.zeros(1).device.type == "meta"
    torch.set_default_device(None)
    assert torch.get_device(x) == -1
    x_tensorflow = tf.constant(X)
    assert "CPU" in x_tensorflow.device or "GPU" in x_tensorflow.device


@proves(
    *(
        f"torch.Tensor.{name}"
        for name in ("data_ptr", "const_data_ptr", "storage", "storage_type", "untyped_storage", "is_shared")
    ),
    says="TensorFlow does not show it",
)
def test_memory_below_a_tensor():
    assert x.data_ptr() == x.const_data_ptr() == x.untyped_storage().data_ptr() > 0
    with pytest.warns(UserWarning, match="TypedStorage is deprecated"):
        assert x.storage().size() == 12
    assert x.storage_type() is torch.FloatStorage
    assert x.clone().share_memory_().is_shared()
    assert not [each for each in dir(tf.Tensor) if "storage" in each or "ptr" in each or "shared" in each]


@proves("torch.Tensor.to_mkldnn", "torch.Tensor.chalf", "torch.is_distributed", "torch.is_inference")
def test_states_and_types_that_tensorflow_lacks():
    same(x.to_mkldnn().to_dense(), X)
    assert x.chalf().dtype is torch.complex32
    assert not hasattr(tf, "complex32")
    with torch.inference_mode():
        assert torch.is_inference(torch.ones(1))
    assert not torch.is_inference(x)
    assert torch.is_distributed(x) is False
    assert not {"is_inference", "is_distributed"} & set(dir(tf.Tensor))


@proves(
    "torch.Tensor.new", "torch.Tensor.new_empty_strided", "torch.Tensor.as_subclass", "torch.Tensor.module_load",
    "torch.Tensor.reinforce",
)  # fmt: skip
def test_what_is_old_or_for_subclasses():
    assert x.new(2, 3).shape == torch.empty(2, 3).shape == x.new_empty((2, 3)).shape
    assert x.new_empty_strided((2, 3), (1, 2)).stride() == (1, 2)

    class Own(torch.Tensor):
        pass

    assert type(x.as_subclass(Own)) is Own
    assert isinstance(tf.constant(1.0), tf.Tensor)
    assert not hasattr(tf.Tensor, "as_subclass")
    assert "module_load" in inspect.getsource(nn.Module._load_from_state_dict)
    assert "load_state_dict" in text("torch.Tensor.module_load")
    with pytest.raises(RuntimeError, match="was removed"):
        x.reinforce(1.0)
    assert torch.distributions.Normal(0.0, 1.0).log_prob(torch.zeros(1)).shape == (1,)


# Quantised numbers -----------------------------------------------------------------------------

MODEL_KINDS = [
    "choose_qparams_optimized", "fused_moving_avg_obs_fake_quant", "quantized_batch_norm", "quantized_gru_cell",
    "quantized_lstm_cell", "quantized_max_pool1d", "quantized_max_pool2d", "quantized_max_pool3d",
    "quantized_rnn_relu_cell", "quantized_rnn_tanh_cell",
]  # fmt: skip
FBGEMM = [name.removeprefix("torch.") for name in REASONS if name.startswith("torch.fbgemm")]


@proves(
    "torch.quantize_per_tensor", "torch.quantize_per_channel", "torch.quantize_per_tensor_dynamic", "torch.int_repr",
    "torch.q_scale", "torch.q_zero_point", "torch.q_per_channel_axis", "torch.q_per_channel_scales",
    "torch.q_per_channel_zero_points", "torch.fake_quantize_per_channel_affine",
)  # fmt: skip
def test_numbers_are_quantised():
    import torchao

    assert torchao.quantization
    with pytest.warns(UserWarning, match="are deprecated"):
        ours = torch.quantize_per_tensor(x, 0.1, 128, torch.quint8)
    output, low, high = tf.quantization.quantize(X, -12.8, 12.7, tf.quint8)
    same(torch.int_repr(ours).int(), tf.cast(output, tf.int32))
    same(
        [(0 - ours.q_zero_point()) * ours.q_scale(), (255 - ours.q_zero_point()) * ours.q_scale()],
        [low, high],
        atol=1e-5,
    )
    scale = np.float32([0.1, 0.2, 0.05, 0.1])
    ours = torch.quantize_per_channel(x, torch.tensor(scale), torch.zeros(4, dtype=torch.int32), 1, torch.qint8)
    theirs = tf.quantization.quantize(X, -128 * scale, 127 * scale, tf.qint8, mode="SCALED", axis=1)
    same(ours.int_repr().int(), tf.cast(theirs.output, tf.int32))
    assert (ours.q_per_channel_axis(), ours.q_per_channel_zero_points().tolist()) == (1, [0] * 4)
    same(ours.q_per_channel_scales().float(), scale)
    ours = torch.quantize_per_tensor_dynamic(x, torch.quint8, False)
    theirs = tf.quantization.quantize(X, tf.reduce_min(X), tf.reduce_max(X), tf.quint8)
    same(ours.dequantize(), X, atol=ours.q_scale())
    same(tf.quantization.dequantize(*theirs), X, atol=ours.q_scale())
    zero_point = torch.tensor([128, 128, 128, 100], dtype=torch.int32)
    low, high = ((each - zero_point).numpy() * scale for each in (0, 255))
    ours = torch.fake_quantize_per_channel_affine(x, torch.tensor(scale), zero_point, 1, 0, 255)
    same(ours, tf.quantization.fake_quant_with_min_max_vars_per_channel(X, low, high))


@proves(*(f"torch.{name}" for name in (*MODEL_KINDS, *FBGEMM)))
@pytest.mark.parametrize("name", [*MODEL_KINDS, *FBGEMM])
def test_models_are_quantised_as_a_whole(name):
    from torchao.quantization import Int8WeightOnlyConfig, quantize_

    assert callable(getattr(torch, name))
    assert lacks("tf.quantization", name)
    if name in FBGEMM:
        assert not (inspect.getdoc(getattr(torch, name)))
        assert not ""
    if name == MODEL_KINDS[0]:
        model = keras.Sequential([layers.Dense(8)])
        model.build((None, 4))
        model.quantize("int8")
        assert model.layers[0].kernel.dtype == "int8"
        module = nn.Sequential(nn.Linear(4, 8))
        quantize_(module, Int8WeightOnlyConfig())
        assert type(module[0].weight).__module__.startswith("torchao")


# Types, text, files ----------------------------------------------------------------------------


@proves("torch.autocast", "keras.config.set_dtype_policy")
def test_autocast_is_for_a_block_and_a_policy_for_layers():
    module, device = nn.Linear(4, 2), "cpu"
    with torch.autocast(device, torch.bfloat16):
        assert module(x).dtype is torch.bfloat16
    assert module(x).dtype is torch.float32
    try:
        keras.config.set_dtype_policy("mixed_float16")
        layer = layers.Dense(2)
    finally:
        keras.config.set_dtype_policy("float32")
    assert layer(X).dtype == "float16"
    assert layer.kernel.dtype == "float32"
    assert layers.Dense(2)(X).dtype == "float32"


@proves("tf.Tensor", "tf.as_string", "tf.fingerprint", "tf.make_ndarray", "tf.make_tensor_proto", "tf.get_static_value")
def test_tensors_as_text_and_bytes(tmp_path):
    assert isinstance(tf.constant(X), tf.Tensor)
    assert isinstance(x, torch.Tensor)
    with pytest.raises(ValueError, match="str"):
        torch.tensor(["a"])
    assert str(torch.tensor([1, 2]).tolist()) == "[1, 2]"
    assert [str(each) for each in torch.tensor([1, 2]).tolist()] == [b.decode() for b in tf.as_string([1, 2]).numpy()]
    assert len(hashlib.sha256(x.numpy().tobytes()).digest()) == 32
    assert tf.fingerprint([[1, 2]]).shape == (1, 8)
    same(tf.make_ndarray(tf.make_tensor_proto(X)), X)
    torch.save(x, tmp_path / "x.pt")
    same(torch.load(tmp_path / "x.pt"), X)
    same(np.frombuffer(x.numpy().tobytes(), "float32").reshape(3, 4), X)
    found = []
    tf.function(lambda given: found.append(tf.get_static_value(given)) or given)(tf.constant(1.0))
    assert found == [None]
    same(tf.get_static_value(tf.constant(X)), X)


# Raw operations --------------------------------------------------------------------------------


@proves("tf.conv", "tf.conv2d_backprop_filter_v2", "tf.conv2d_backprop_input_v2")
def test_raw_operations_are_convolutions_and_their_gradients():
    images = GIVEN["images"]
    kernel = np.random.default_rng(0).normal(size=(3, 3, 3, 2)).astype("float32")
    given = {"strides": [1, 1, 1, 1], "padding": "VALID"}
    convolved = tf.nn.convolution(images, kernel)
    same(tf.conv(images, kernel, **given), convolved)
    ours, weight = torch.tensor(images).permute(0, 3, 1, 2), torch.tensor(kernel).permute(3, 2, 0, 1)
    same(F.conv2d(ours, weight).permute(0, 2, 3, 1), tf.nn.conv2d(images, kernel, 1, "VALID"), rtol=1e-4)
    assert F.conv1d(ours[..., 0], weight[..., 0]).shape == (2, 2, 6)
    assert F.conv3d(ours[..., None], weight[..., None]).shape == (2, 2, 6, 6, 1)
    back = torch.tensor(convolved.numpy()).permute(0, 3, 1, 2)
    wanted = torch.nn.grad.conv2d_weight(ours, weight.shape, back).permute(2, 3, 1, 0)
    theirs = [tf.constant(images), tf.constant(kernel)]
    with tf.GradientTape() as tape:
        tape.watch(theirs)
        loss = tf.reduce_sum(tf.nn.conv2d(*theirs, 1, "VALID") * tf.stop_gradient(convolved))
    assert isinstance(tape, tf.GradientTape)
    gradients = tape.gradient(loss, theirs)
    same(wanted, gradients[1], rtol=1e-4, atol=1e-3)
    wanted = torch.nn.grad.conv2d_input(ours.shape, weight, back).permute(0, 2, 3, 1)
    same(wanted, gradients[0], rtol=1e-4, atol=1e-4)
    for raw in (tf.conv2d_backprop_filter_v2, tf.conv2d_backprop_input_v2):
        with pytest.raises(tf.errors.NotFoundError, match="no registered kernels"):
            raw(images, kernel, convolved, **given)
    same(wanted, tf.nn.conv2d_transpose(convolved, kernel, images.shape, 1, "VALID"), rtol=1e-4, atol=1e-4)
