"""Guards what stands for layers and containers without a row: it runs, and gives the same or does what is said."""

from __future__ import annotations

import subprocess
import sys
import zlib

import numpy as np
import pytest

from tests.reasons.frameworks import F, keras, layers, nn, ops, tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same, text

X = GIVEN["x"]
IMAGES = torch.tensor(GIVEN["images"]).permute(0, 3, 1, 2)


# Old names -------------------------------------------------------------------------------------


@proves("torch.nn.UpsamplingNearest2d", "torch.nn.UpsamplingBilinear2d", says="deprecated")
def test_old_upsampling_is_upsample():
    for old, given in (
        (nn.UpsamplingNearest2d, {}),
        (nn.UpsamplingBilinear2d, {"mode": "bilinear", "align_corners": True}),
    ):
        assert "deprecated" in old.__doc__
        same(old(scale_factor=2)(IMAGES), nn.Upsample(scale_factor=2, **given)(IMAGES))
        same(old(scale_factor=2)(IMAGES), F.interpolate(IMAGES, scale_factor=2, **given))
    assert not torch.allclose(nn.UpsamplingBilinear2d(16)(IMAGES), nn.Upsample(16, mode="bilinear")(IMAGES))


@proves("torch.nn.Container", says="only warns")
def test_container_is_a_module_that_warns():
    with pytest.warns(FutureWarning, match="is deprecated"):
        nn.Container()
    assert nn.Container.__base__ is nn.Module
    assert {each for each in vars(nn.Container) if not each.startswith("__")} == set()


@proves("torch.nn.NLLLoss2d", says="deprecated")
def test_the_old_loss_of_images_is_nllloss():
    with pytest.warns(FutureWarning, match="deprecated"):
        old = nn.NLLLoss2d()
    given = IMAGES.log_softmax(1), torch.ones(2, 8, 8, dtype=torch.int64)
    same(old(*given), nn.NLLLoss()(*given))


@proves("torch.nn.CrossMapLRN2d", says="from channel (size + 1) / 2 on")
@pytest.mark.parametrize("size", [3, 5])
def test_the_old_normalisation_has_a_channel_too_many(size):
    channels = torch.tensor(np.random.default_rng(0).normal(size=(1, 9, 2, 2)).astype("float32"))
    old, new = nn.CrossMapLRN2d(size, alpha=1.0)(channels), nn.LocalResponseNorm(size, alpha=1.0)(channels)
    unlike = [at for at in range(9) if not torch.allclose(old[:, at], new[:, at])]
    assert unlike == list(range((size + 1) // 2, 9))


@proves("torch.autograd.profiler.record_function", "torch.backends.cuda.sdp_kernel")
def test_what_profiles_and_chooses_kernels():
    with torch.profiler.profile() as found, torch.autograd.profiler.record_function("mine"):
        torch.ones(2).sum()
    assert "mine" in [each.key for each in found.key_averages()]
    name = "mine"
    with tf.profiler.experimental.Trace(name):
        tf.reduce_sum(tf.ones(2))
    with pytest.warns(FutureWarning, match="deprecated"), torch.backends.cuda.sdp_kernel():
        pass
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        assert not torch.backends.cuda.flash_sdp_enabled()
    assert torch.backends.cuda.flash_sdp_enabled()
    heads = tf.ones((1, 3, 2, 4))
    with pytest.raises(ValueError, match="not supported in tensorflow"):
        keras.ops.dot_product_attention(heads, heads, heads, flash_attention=True)


# Bases and containers --------------------------------------------------------------------------


class Doubled(keras.layers.Layer):
    def call(self, x, times=2):
        return x * times


@proves("torch.nn.Module", "keras.layers.Layer", "torch.Tensor")
def test_a_layer_is_subclassed():
    class Model(keras.Model):
        def call(self, x):
            return Doubled()(x, times=3)

    class Module(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(4, 4))

        def forward(self, x):
            return x @ self.weight

    same(Model()(X), 3 * X)
    with pytest.raises(ValueError, match="positional"):
        Doubled()(X, 3)
    assert Module().weight.shape == (4, 4)
    assert not hasattr(nn.Module, "build")
    assert isinstance(Doubled()(X), tf.Tensor)
    assert isinstance(keras.Input((4,)), keras.KerasTensor)


@proves(
    "torch.nn.ModuleList", "torch.nn.ModuleDict", "torch.nn.ParameterList", "torch.nn.ParameterDict",
    says="PyTorch do",
)  # fmt: skip
def test_keras_finds_what_a_list_or_a_dict_holds():
    class Layer(layers.Layer):
        def __init__(self):
            super().__init__()
            self.listed, self.named = [layers.Dense(1), keras.Variable([1.0])], {"a": keras.Variable([1.0])}

        def build(self, shape):
            self.listed[0].build(shape)

    class Module(nn.Module):
        def __init__(self):
            super().__init__()
            self.listed, self.named = [nn.Linear(1, 1)], {"a": nn.Parameter(torch.ones(1))}

    layer = Layer()
    layer.build((None, 1))
    assert len(layer.weights) == 4
    assert list(Module().parameters()) == []

    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.layers = []

    with pytest.raises(AttributeError):
        Model()


@proves("torch.nn.RNNBase", "torch.nn.RNNCellBase", says="A base class")
def test_a_recurrent_layer_of_keras_takes_any_cell():
    assert {nn.RNN, nn.LSTM, nn.GRU} <= set(nn.RNNBase.__subclasses__())
    assert {nn.RNNCell, nn.LSTMCell, nn.GRUCell} <= set(nn.RNNCellBase.__subclasses__())

    class Summing(layers.Layer):
        state_size = output_size = 4

        def call(self, x, states):
            return states[0] + x, [states[0] + x]

    same(keras.layers.RNN(Summing())(GIVEN["seq"]), GIVEN["seq"].sum(1), atol=1e-5)


@proves("torch.nn.DataParallel")
def test_pytorch_advises_distributed_data_parallel():
    assert "DistributedDataParallel" in text("torch.nn.DataParallel")
    assert tf.distribute.MirroredStrategy(["/cpu:0"]).num_replicas_in_sync == 1


@proves("keras.layers.Wrapper", "keras.layers.Lambda")
def test_a_module_wraps_a_module_or_a_function():
    class Wrapped(nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, x):
            return torch.sin(self.inner(x))

    x, inner = torch.tensor(X), nn.Linear(4, 2)
    same(Wrapped(inner)(x), layers.Lambda(ops.sin)(inner(x).detach().numpy()))
    assert len(list(Wrapped(inner).parameters())) == 2
    assert issubclass(keras.layers.TimeDistributed, keras.layers.Wrapper)


@proves("keras.layers.Input", "keras.layers.InputLayer", "keras.layers.InputSpec", "keras.Input", "keras.Model")
def test_pytorch_has_no_symbolic_inputs():
    assert lacks("torch.nn", "inputlayer", "inputspec")
    assert not {"fit", "predict"} & set(dir(nn.Module))
    assert not hasattr(torch.nn, "Input")

    class Module(nn.Module):
        def forward(self, x):
            return x

    same(Module().forward(torch.tensor(X)), X)
    assert "torch.compile" in text("torch.nn.Module.compile")


@proves("torch.nn.UninitializedBuffer", "torch.nn.UninitializedParameter", "torch.nn.utils.skip_init")
def test_a_keras_layer_has_no_weights_before_it_is_called():
    assert isinstance(nn.LazyLinear(2).weight, nn.UninitializedParameter)
    assert isinstance(nn.LazyBatchNorm1d().running_mean, nn.UninitializedBuffer)
    layer = layers.Dense(2)
    assert not layer.weights
    layer(X)
    assert len(layer.weights) == 2
    assert nn.utils.skip_init(nn.Linear, 4, 2).weight.shape == (2, 4)


@proves("torch.nn.LinearCrossEntropyOptions")
def test_the_options_of_a_loss():
    options = nn.LinearCrossEntropyOptions(batch_chunk_size=1)
    loss = nn.LinearCrossEntropyLoss(4, 4, options=options)
    assert loss(torch.tensor(X), torch.tensor(GIVEN["k"])).shape == ()


@proves("keras.layers.ActivityRegularization", says="divides the term by the batch size")
def test_a_penalty_is_returned_and_added():
    class Penalised(nn.Module):
        def forward(self, x):
            return x, 0.1 * (x**2).sum()

    layer = keras.Sequential([layers.ActivityRegularization(l2=0.1)])
    layer(X)
    same(Penalised().forward(torch.tensor(X))[1] / len(X), layer.losses[0])


# Other frameworks and packages -----------------------------------------------------------------


@proves("keras.layers.FlaxLayer", "keras.layers.JaxLayer", "keras.layers.TorchModuleWrapper", says="as")
def test_layers_of_other_frameworks_say_their_backends():
    import inspect

    source = inspect.getsource(sys.modules[keras.layers.JaxLayer.__module__])
    assert 'backend.backend() not in ["jax", "tensorflow"]' in source
    assert issubclass(keras.layers.FlaxLayer, keras.layers.JaxLayer)
    assert "only compatible with the PyTorch backend" in text("keras.layers.TorchModuleWrapper")
    with pytest.raises(RuntimeError):
        keras.layers.TorchModuleWrapper(nn.Linear(4, 2))
    assert isinstance(nn.Linear(4, 2), nn.Module)


@proves("keras.layers.TFSMLayer")
def test_a_saved_model_is_a_layer(tmp_path):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    model.export(str(tmp_path / "folder"), verbose=False)
    same(layers.TFSMLayer(str(tmp_path / "folder"), call_endpoint="serve")(X), model(X))
    module, path = nn.Linear(4, 2), tmp_path / "module.pt2"
    torch.export.save(torch.export.export(module, (torch.tensor(X),)), path)
    loaded = torch.export.load(path).module()
    assert isinstance(loaded, nn.Module)
    same(loaded(torch.tensor(X)), module(torch.tensor(X)))


@proves("keras.layers.Hashing", "keras.layers.HashedCrossing", says="which is the same in every process")
def test_a_hash_that_is_the_same_in_every_process():
    def ran(text, seed):
        call = [sys.executable, "-c", f"import zlib; print({text})"]
        return subprocess.run(call, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout

    assert ran("zlib.crc32(b'word') % 10", "1") == ran("zlib.crc32(b'word') % 10", "2")
    assert ran("hash('word')", "1") != ran("hash('word')", "2")
    word, bins = b"word", 10
    assert 0 <= zlib.crc32(word) % bins < 10
    assert 0 <= int(layers.Hashing(num_bins=10)(np.array(["word"]))[0]) < 10
    assert lacks("torch.nn", "hashing", "hashedcross")


@proves("keras.layers.MaxNumBoundingBoxes")
@pytest.mark.parametrize("count", [1, 2, 5])
def test_boxes_are_padded_or_cut(count):
    n, boxes = 3, torch.rand(count, 4)

    def collate_fn(boxes):
        return F.pad(boxes[:n], (0, 0, 0, n - len(boxes[:n])), value=-1)

    given = {"boxes": boxes[None].numpy(), "labels": np.zeros((1, count), "float32")}
    theirs = layers.MaxNumBoundingBoxes(n, fill_value=-1).transform_bounding_boxes(given, None)
    same(collate_fn(boxes), np.asarray(theirs["boxes"])[0])
