"""Guards what stands for layers that are built of others, and for what works on weights and gradients."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reasons.frameworks import F, keras, layers, nn, tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same, text

X, SEQUENCES = GIVEN["x"], GIVEN["seq"]


def given(module):
    """The weight and the bias of a linear layer as Keras has them."""
    return [module.weight.detach().numpy().T, module.bias.detach().numpy()]


def attention(module):
    """A layer of Keras with the weights of an attention of PyTorch's of width 4 with two heads."""
    layer = layers.MultiHeadAttention(2, 2)
    layer.build((None, None, 4), (None, None, 4))
    into = [each.detach().numpy() for each in (*module.in_proj_weight.chunk(3), *module.in_proj_bias.chunk(3))]
    query, key, value = ([w.T.reshape(4, 2, 2), b.reshape(2, 2)] for w, b in zip(into[:3], into[3:]))
    out = [module.out_proj.weight.detach().numpy().T.reshape(2, 2, 4), module.out_proj.bias.detach().numpy()]
    layer.set_weights([*query, *key, *value, *out])
    return layer


class Block(layers.Layer):
    """An encoder's layer as PyTorch has it, or a decoder's where it gets what to look at."""

    def __init__(self, module):
        super().__init__()
        self.own, self.look = attention(module.self_attn), getattr(module, "multihead_attn", None)
        self.look = self.look and attention(self.look)
        self.wide, self.back = layers.Dense(8, activation="relu"), layers.Dense(4)
        self.norms = [layers.LayerNormalization(epsilon=1e-5) for _ in range(3)]
        self.wide.build((None, 4)), self.back.build((None, 8))
        self.wide.set_weights(given(module.linear1)), self.back.set_weights(given(module.linear2))

    def call(self, x, memory=None):
        first, *others = self.norms
        x = first(x + self.own(x, x, use_causal_mask=memory is not None))
        if memory is not None:
            x = others.pop(0)(x + self.look(x, memory))
        return others[0](x + self.back(self.wide(x)))


@proves(
    "torch.nn.Transformer", "torch.nn.TransformerEncoder", "torch.nn.TransformerDecoder",
    "torch.nn.TransformerEncoderLayer", "torch.nn.TransformerDecoderLayer",
)  # fmt: skip
def test_a_transformer_is_built_of_layers():
    ours = nn.Transformer(4, 2, 2, 1, 8, dropout=0.0, batch_first=True).eval()
    ours.encoder.norm = ours.decoder.norm = None
    source, target = torch.tensor(SEQUENCES), torch.tensor(SEQUENCES[:, ::-1].copy())
    memory = SEQUENCES
    for each in ours.encoder.layers:
        memory = Block(each)(memory)
    mask = nn.Transformer.generate_square_subsequent_mask(5)
    wanted = ours(source, target, tgt_mask=mask)
    same(wanted, Block(ours.decoder.layers[0])(SEQUENCES[:, ::-1], memory), rtol=1e-4, atol=1e-5)
    assert lacks("keras.layers", "transformer")
    # Of keras_hub, by hand: TransformerEncoder, TransformerDecoder.
    assert isinstance(ours.encoder, nn.TransformerEncoder)
    assert isinstance(ours.decoder, nn.TransformerDecoder)


# Gradients and weights -------------------------------------------------------------------------


@proves("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grads_with_norm_", "torch.nn.utils.clip_grad_norm")
def test_a_norm_of_gradients_is_clipped():
    def clipped(clip):
        parameters = [nn.Parameter(torch.zeros(3, 4)), nn.Parameter(torch.zeros(4))]
        parameters[0].grad, parameters[1].grad = torch.tensor(X), torch.tensor(GIVEN["v"])
        clip(parameters)
        return [each.grad for each in parameters]

    def with_norm(parameters):
        norm = nn.utils.get_total_norm([each.grad for each in parameters])
        nn.utils.clip_grads_with_norm_(parameters, 1.0, norm)

    wanted, _ = tf.clip_by_global_norm([tf.constant(X), tf.constant(GIVEN["v"])], 1.0)
    same(clipped(lambda each: nn.utils.clip_grad_norm_(each, 1.0)), wanted)
    same(clipped(with_norm), wanted)
    with pytest.warns(FutureWarning, match="deprecated"):
        same(clipped(lambda each: nn.utils.clip_grad_norm(each, 1.0)), wanted)
    variables = [keras.Variable(np.zeros((3, 4), "float32")), keras.Variable(np.zeros(4, "float32"))]
    keras.optimizers.SGD(1.0, global_clipnorm=1.0).apply([tf.constant(X), tf.constant(GIVEN["v"])], variables)
    same([-each.value for each in variables], wanted)


@proves("torch.nn.utils.clip_grad_value_")
def test_values_of_gradients_are_clipped():
    parameter, variable = nn.Parameter(torch.zeros(3, 4)), keras.Variable(np.zeros((3, 4), "float32"))
    parameter.grad = torch.tensor(X)
    nn.utils.clip_grad_value_([parameter], 0.5)
    same(parameter.grad, tf.clip_by_value(X, -0.5, 0.5))
    keras.optimizers.SGD(1.0, clipvalue=0.5).apply([tf.constant(X)], [variable])
    same(parameter.grad, -variable.value)


@proves("torch.nn.utils.vector_to_parameters")
def test_a_vector_is_cut_into_weights():
    vector, module = np.arange(10, dtype="float32"), nn.Linear(4, 2)
    nn.utils.vector_to_parameters(torch.tensor(vector), module.parameters())
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    parts = np.split(vector, [8])
    model.set_weights([part.reshape(each.shape) for part, each in zip(parts, model.weights)])
    same(module.weight.reshape(4, 2), model.get_weights()[0])
    same(module.bias, model.get_weights()[1])


@proves(
    "torch.nn.utils.weight_norm", "torch.nn.utils.remove_weight_norm", "torch.nn.utils.parametrizations.weight_norm",
)  # fmt: skip
def test_weight_norm():
    x, module = torch.tensor(X), nn.Linear(4, 2, bias=False)
    with pytest.warns(FutureWarning, match="deprecated"):
        old = nn.utils.weight_norm(nn.Linear(4, 2, bias=False))
    assert "weight_g" in dict(old.named_parameters())
    nn.utils.remove_weight_norm(old)
    assert "weight_g" not in dict(old.named_parameters())
    wanted = module(x)
    new = nn.utils.parametrizations.weight_norm(module)
    same(new(x), wanted)
    g, v = (each.detach().numpy().T for each in new.parametrizations.weight.parameters())

    class Normed(layers.Layer):
        def call(self, x):
            return x @ (g * v / tf.norm(v, axis=0))

    same(wanted, Normed()(X))
    nn.utils.parametrize.remove_parametrizations(new, "weight")
    assert not nn.utils.parametrize.is_parametrized(new)
    same(new(x), wanted)
    assert lacks("keras.layers", "weightnorm")


@proves("torch.nn.utils.spectral_norm", "torch.nn.utils.remove_spectral_norm")
def test_spectral_norm():
    old, module = (nn.Linear(4, 2) for _ in range(2))
    assert "deprecated" in nn.utils.spectral_norm.__doc__
    nn.utils.remove_spectral_norm(nn.utils.spectral_norm(old))
    new = nn.utils.parametrizations.spectral_norm(module, n_power_iterations=50)
    same(torch.linalg.matrix_norm(new.weight, 2), torch.tensor(1.0), rtol=1e-4)
    nn.utils.parametrize.remove_parametrizations(new, "weight")
    assert not nn.utils.parametrize.is_parametrized(new)


@proves("torch.nn.utils.parametrizations.orthogonal")
def test_keras_only_punishes_what_is_not_orthogonal():
    module = nn.utils.parametrizations.orthogonal(nn.Linear(4, 4))
    with torch.no_grad():
        module.parametrizations.weight.original.add_(1.0)
    same(module.weight @ module.weight.T, torch.eye(4))
    punish = keras.regularizers.OrthogonalRegularizer(0.1)
    assert float(punish(tf.ones((4, 4)))) > 0.1 > float(punish(tf.eye(4))) == 0


@proves("torch.nn.utils.parametrize.register_parametrization", "torch.nn.utils.parametrize.remove_parametrizations")
def test_a_constraint_is_applied_after_a_step():
    layer = layers.Dense(2, kernel_constraint=keras.constraints.NonNeg(), kernel_initializer="zeros", use_bias=False)
    layer.build((None, 4))
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.apply([tf.constant(np.sign(GIVEN["n"][:, :2]))], layer.trainable_weights)
    assert set(layer.kernel.numpy().ravel()) == {0.0, 1.0}

    class Positive(nn.Module):
        def forward(self, weight):
            return weight.clamp(min=0)

    module = nn.Linear(4, 2)
    nn.utils.parametrize.register_parametrization(module, "weight", Positive())
    module.parametrizations.weight.original.data.fill_(-1)
    assert not module.weight.any()
    assert (module.parametrizations.weight.original == -1).all()
    nn.utils.parametrize.remove_parametrizations(module, "weight", leave_parametrized=False)
    assert (module.weight == -1).all()


@proves(
    "torch.nn.utils.fuse_conv_bn_eval", "torch.nn.utils.fuse_conv_bn_weights",
    "torch.nn.utils.fuse_linear_bn_eval", "torch.nn.utils.fuse_linear_bn_weights",
    says="the TFLite converter does",
)  # fmt: skip
def test_the_converter_folds_normalisation():
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(2, 3), layers.BatchNormalization()])
    content = tf.lite.TFLiteConverter.from_keras_model(model).convert()
    interpreter = tf.lite.Interpreter(model_content=content)
    assert [each["op_name"] for each in interpreter._get_ops_details() if each["op_name"] != "DELEGATE"] == ["CONV_2D"]
    assert len(model.layers) == 2
    assert lacks("keras.utils", "fuse", "fold")
    convolution, norm = nn.Conv2d(3, 2, 3).eval(), nn.BatchNorm2d(2).eval()
    norm.running_mean += 1
    images = torch.tensor(GIVEN["images"]).permute(0, 3, 1, 2)
    same(nn.utils.fuse_conv_bn_eval(convolution, norm)(images), norm(convolution(images)))


@proves(
    "torch.nn.utils.convert_conv2d_weight_memory_format", "torch.nn.utils.convert_conv3d_weight_memory_format",
    says="channels are last",
)  # fmt: skip
def test_data_format_says_where_channels_are():
    assert keras.config.image_data_format() == "channels_last"
    assert layers.Conv2D(5, 3)(GIVEN["images"]).shape == (2, 6, 6, 5)
    data_format = "channels_first"
    assert layers.MaxPooling2D(2, data_format=data_format)(GIVEN["images"].transpose(0, 3, 1, 2)).shape == (2, 3, 4, 4)
    assert not hasattr(tf.constant(X), "is_contiguous")


# Sequences and pooling -------------------------------------------------------------------------


@proves(
    *(
        f"torch.nn.utils.rnn.{name}"
        for name in (
            "PackedSequence", "pack_sequence", "pack_padded_sequence", "pad_packed_sequence",
            "unpack_sequence", "unpad_sequence", "invert_permutation",
        )
    )
)  # fmt: skip
def test_padded_sequences_travel_with_a_mask():
    rnn, lengths = nn.RNN(4, 3, batch_first=True), [5, 2]
    padded = SEQUENCES.copy()
    padded[1, 2:] = 0
    packed = nn.utils.rnn.pack_padded_sequence(torch.tensor(padded), lengths, batch_first=True)
    assert isinstance(packed, nn.utils.rnn.PackedSequence)
    _, last = rnn(packed)
    model = keras.Sequential([layers.Masking(), layer := layers.SimpleRNN(3)])
    model(padded)
    kernel, recurrent, *biases = (each.detach().numpy() for each in rnn.parameters())
    layer.set_weights([kernel.T, recurrent.T, sum(biases)])
    same(last[0], model(padded), atol=1e-5, rtol=1e-4)
    ids = np.array([[1, 2, 0], [3, 0, 0]])
    assert layers.Embedding(7, 4, mask_zero=True).compute_mask(ids).numpy().tolist() == (ids != 0).tolist()
    assert lacks("keras.layers", "pack")


def spans(pooled, largest):
    """How many rows each region has, of an image whose rows are 0, 1, 2, and so on."""
    return (pooled(largest) - (-pooled(-largest)) + 1)[0].ravel().tolist()


@proves(
    "torch.nn.FractionalMaxPool2d", "torch.nn.FractionalMaxPool3d",
    "torch.nn.functional.fractional_max_pool2d", "torch.nn.functional.fractional_max_pool2d_with_indices",
    "tf.nn.fractional_max_pool",
)  # fmt: skip
def test_regions_of_fractional_pooling_part():
    rows = np.repeat(np.arange(9, dtype="float32")[:, None], 9, 1)
    samples = torch.rand(1, 1, 2)

    def pytorch(image):
        pool = nn.FractionalMaxPool2d(2, output_size=6, _random_samples=samples)
        same(pool(image[None]), F.fractional_max_pool2d(image[None], 2, output_size=6, _random_samples=samples))
        return pool(image[None])[..., 0]

    assert spans(pytorch, torch.tensor(rows)) == [2] * 6

    def tensorflow(image):
        return tf.nn.fractional_max_pool(image[None, :, :, None], [1, 1.5, 1.5, 1], seed=1)[0].numpy()[0, :, 0, 0][None]

    assert sorted(set(spans(tensorflow, rows))) == [1, 2]
    assert "a ratio" not in text("torch.nn.FractionalMaxPool2d")[:40]


class Loop(nn.Module):
    """A convolutional LSTM over time, of whatever number of dimensions."""

    def __init__(self, convolve, kernel, recurrent, bias):
        super().__init__()
        self.convolve, self.kernel, self.recurrent, self.bias = convolve, kernel, recurrent, bias

    def forward(self, x):
        hidden = cell = 0
        for step in x.unbind(1):
            total = self.convolve(step, self.kernel, self.bias)
            if torch.is_tensor(hidden):
                total = total + self.convolve(hidden, self.recurrent, padding="same")
            i, f, c, o = total.chunk(4, 1)
            cell = f.sigmoid() * cell + i.sigmoid() * c.tanh()
            hidden = o.sigmoid() * cell.tanh()
        return hidden


@proves("keras.layers.ConvLSTM1D", "keras.layers.ConvLSTM2D", "keras.layers.ConvLSTM3D")
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_convolutional_lstm_is_a_loop(count):
    layer = getattr(layers, f"ConvLSTM{count}D")(2, 3)
    sequence = np.random.default_rng(0).normal(size=(2, 3, *(5,) * count, 3)).astype("float32")
    wanted = layer(sequence)
    kernel, recurrent = (torch.tensor(each).movedim((-1, -2), (0, 1)) for each in layer.get_weights()[:2])
    loop = Loop(getattr(F, f"conv{count}d"), kernel, recurrent, torch.tensor(layer.get_weights()[2]))
    assert isinstance(loop, nn.Module)
    same(loop(torch.tensor(sequence).movedim(-1, 2)).movedim(1, -1), wanted, rtol=1e-4)
    assert lacks("torch.nn", "convlstm", "convrnn")
