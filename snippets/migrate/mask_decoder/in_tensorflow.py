"""Turn prompts into masks: the decoder of Segment Anything 2.

Ported from https://github.com/facebookresearch/sam2 (Meta, Apache
License 2.0), as torchao 0.18 ships it (BSD 3-Clause License).
"""

# %% Setup
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.


# %% MLP
def mlp(hidden, out, depth, last=None):
    inner = [layers.Dense(hidden, "relu") for _ in range(depth - 1)]
    return keras.Sequential([*inner, layers.Dense(out, last)])


head = mlp(32, 4, depth=3)
head.build((None, 16))
print("MLP:", head.count_params())


# %% Attention
def attention(size, heads, downsample=1):
    per_head = size // downsample // heads
    return layers.MultiHeadAttention(heads, key_dim=per_head)


halved = attention(16, heads=2, downsample=2)
halved.build((None, None, 16), (None, None, 16))
print("attention:", halved.count_params())
print(*[tuple(w.shape) for w in halved.weights])


# %% Two-way block
def norm():
    return layers.LayerNormalization(epsilon=1e-5)


@keras.saving.register_keras_serializable()
class TwoWayBlock(layers.Layer):
    def __init__(self, size, heads, mlp_size, first, **kwargs):
        super().__init__(**kwargs)
        self.options = {"size": size, "heads": heads}
        self.options |= {"mlp_size": mlp_size, "first": first}
        self.first = first
        self.self_attn = attention(size, heads)
        self.norm1 = norm()
        self.cross_attn_token_to_image = attention(size, heads, 2)
        self.norm2 = norm()
        self.mlp = mlp(mlp_size, size, depth=2)
        self.norm3 = norm()
        self.norm4 = norm()
        self.cross_attn_image_to_token = attention(size, heads, 2)

    # Attention takes query, value, key: in this order.
    def call(self, tokens, image, token_pe, image_pe):
        if self.first:
            tokens = self.self_attn(tokens, tokens)
        else:
            q = tokens + token_pe
            tokens = tokens + self.self_attn(q, tokens, q)
        tokens = self.norm1(tokens)

        q, k = tokens + token_pe, image + image_pe
        found = self.cross_attn_token_to_image(q, image, k)
        tokens = self.norm2(tokens + found)
        tokens = self.norm3(tokens + self.mlp(tokens))

        q = tokens + token_pe
        found = self.cross_attn_image_to_token(k, tokens, q)
        return tokens, self.norm4(image + found)

    def get_config(self):
        return super().get_config() | dict(self.options)


block = TwoWayBlock(16, heads=2, mlp_size=32, first=True)
some = ops.zeros((1, 1, 16))
block(some, some, some, some)  # makes the weights
print("block:", block.count_params())


# %% Two-way transformer
@keras.saving.register_keras_serializable()
class TwoWayTransformer(layers.Layer):
    def __init__(self, depth, size, heads, mlp_size, **kwargs):
        super().__init__(**kwargs)
        self.options = {"depth": depth, "size": size}
        self.options |= {"heads": heads, "mlp_size": mlp_size}
        self.blocks = [
            TwoWayBlock(size, heads, mlp_size, first=i == 0)
            for i in range(depth)
        ]
        self.final_attn_token_to_image = attention(size, heads, 2)
        self.norm_final_attn = norm()

    def call(self, image, image_pe, points):
        tokens = points
        for block in self.blocks:
            tokens, image = block(tokens, image, points, image_pe)
        q, k = tokens + points, image + image_pe
        found = self.final_attn_token_to_image(q, image, k)
        return self.norm_final_attn(tokens + found), image

    def get_config(self):
        return super().get_config() | dict(self.options)


transformer = TwoWayTransformer(2, 16, heads=2, mlp_size=32)
transformer(some, some, some)
print("transformer:", transformer.count_params())


# %% Fall back to the best of three
def area(masks, limit):
    above = ops.cast(masks > limit, "float32")
    return ops.sum(above, axis=(1, 2))


def steady(masks, iou, threshold=0.98, delta=0.05):
    best = ops.argmax(iou[:, 1:], axis=-1)[:, None]
    best_mask, best_iou = (
        tf.gather(three, best, axis=-1, batch_dims=1)
        for three in (masks[..., 1:], iou[:, 1:])
    )
    one, one_iou = masks[..., :1], iou[:, :1]
    inner, outer = area(one, delta), area(one, -delta)
    share = ops.where(outer > 0, inner / outer, 1.0)
    stable = share >= threshold
    mask = ops.where(stable[:, None, None], one, best_mask)
    return mask, ops.where(stable, one_iou, best_iou)


# %% Mask decoder
@keras.saving.register_keras_serializable()
class MaskDecoder(keras.Model):  # with the options of SAM 2.1
    def __init__(self, size, transformer, iou_hidden, **kwargs):
        super().__init__(**kwargs)
        self.options = {"size": size, "iou_hidden": iou_hidden}
        self.transformer = transformer
        self.obj_score_token = self.token(1, size)
        self.iou_token = self.token(1, size)
        self.mask_tokens = self.token(4, size)
        self.up1 = layers.Conv2DTranspose(size // 4, 2, strides=2)
        self.up_norm = layers.LayerNormalization(epsilon=1e-6)
        self.up2 = layers.Conv2DTranspose(size // 8, 2, strides=2)
        self.conv_s0 = layers.Conv2D(size // 8, 1)
        self.conv_s1 = layers.Conv2D(size // 4, 1)
        self.mask_mlps = [mlp(size, size // 8, 3) for _ in range(4)]
        self.iou_head = mlp(iou_hidden, 4, 3, last="sigmoid")
        self.score_head = mlp(size, 1, 3)
        self.threshold = 0.98

    def token(self, rows, size):
        normal = keras.initializers.RandomNormal(stddev=1.0)
        return self.add_weight((rows, size), normal)

    def call(self, image, image_pe, points, dense, high_res,
             multimask, repeat_image, training=False):
        prompts = ops.shape(points)[0]
        own = ops.concatenate(
            [self.obj_score_token, self.iou_token, self.mask_tokens]
        )
        own = ops.repeat(own[None], prompts, axis=0)
        tokens = ops.concatenate([own, points], axis=1)
        if repeat_image:
            image = ops.repeat(image, prompts, axis=0)
        image = image + dense
        image_pe = ops.repeat(image_pe, prompts, axis=0)

        _, height, width, size = image.shape
        flat = (prompts, height * width, size)
        image = ops.reshape(image, flat)
        image_pe = ops.reshape(image_pe, flat)
        tokens, image = self.transformer(image, image_pe, tokens)
        image = ops.reshape(image, (prompts, height, width, size))

        gelu = keras.activations.gelu  # exact; ops.gelu is not
        feat_s0, feat_s1 = high_res
        up = gelu(self.up_norm(self.up1(image) + feat_s1))
        up = gelu(self.up2(up) + feat_s0)
        score = self.score_head(tokens[:, 0])
        iou = self.iou_head(tokens[:, 1])
        tokens = tokens[:, 2:6]
        kernels = ops.stack(
            [f(tokens[:, i]) for i, f in enumerate(self.mask_mlps)],
            axis=1,
        )
        masks = ops.einsum("bhwc,bnc->bhwn", up, kernels)

        if multimask:
            return masks[..., 1:], iou[:, 1:], tokens[:, 1:], score
        if training:
            masks, iou = masks[..., :1], iou[:, :1]
        else:
            masks, iou = steady(masks, iou, self.threshold)
        return masks, iou, tokens[:, :1], score

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        own = self.options | {
            "transformer": serialize(self.transformer)
        }
        return super().get_config() | own

    @classmethod
    def from_config(cls, config):
        deserialize = keras.saving.deserialize_keras_object
        transformer = deserialize(config.pop("transformer"))
        return cls(transformer=transformer, **config)


decoder = MaskDecoder(16, transformer, iou_hidden=32)

# %% One image, three prompts
normal = keras.random.normal
image, position = normal((1, 8, 8, 16)), normal((1, 8, 8, 16))
fine, finer = normal((1, 16, 16, 16)), normal((1, 32, 32, 16))
points, dense = normal((3, 2, 16)), normal((3, 8, 8, 16))


# %% Predict
def predict(multimask, repeat_image=True, training=False):
    # The caller projects the finer features, not call.
    high_res = [decoder.conv_s0(finer), decoder.conv_s1(fine)]
    return decoder(
        image,
        position,
        points,
        dense,
        high_res,
        # What is no tensor goes in by name.
        multimask=multimask,
        repeat_image=repeat_image,
        training=training,
    )


masks, iou, tokens, score = predict(multimask=True)
print("decoder:", decoder.count_params())
print("masks", tuple(masks.shape), "IoU", tuple(iou.shape))
print("tokens", tuple(tokens.shape), "score", tuple(score.shape))


# %% Carry the weights
def named():
    """Each layer with weights, by its name in PyTorch."""
    cross = "cross_attn_token_to_image", "cross_attn_image_to_token"
    norms = "norm1", "norm2", "norm3", "norm4"
    parts = "self_attn", *cross, "mlp", *norms
    for i, block in enumerate(transformer.blocks):
        for part in parts:
            name = f"transformer.layers.{i}.{part}"
            yield name, getattr(block, part)
    for part in ("final_attn_token_to_image", "norm_final_attn"):
        yield f"transformer.{part}", getattr(transformer, part)
    yield "output_upscaling.0", decoder.up1
    yield "output_upscaling.1", decoder.up_norm
    yield "output_upscaling.3", decoder.up2
    yield "conv_s0", decoder.conv_s0
    yield "conv_s1", decoder.conv_s1
    for i, layer in enumerate(decoder.mask_mlps):
        yield f"output_hypernetworks_mlps.{i}", layer
    yield "iou_prediction_head", decoder.iou_head
    yield "pred_obj_score_head", decoder.score_head


def carry(state):
    """Takes PyTorch's state_dict, as NumPy arrays."""
    left = dict(state)
    for token in ("obj_score_token", "iou_token", "mask_tokens"):
        table = left.pop(f"{token}.weight")
        getattr(decoder, token).assign(table)
    for name, layer in named():
        parts = [""]
        heads = isinstance(layer, layers.MultiHeadAttention)
        if heads:
            parts = [".q_proj", ".k_proj", ".v_proj", ".out_proj"]
        if isinstance(layer, keras.Sequential):
            numbers = range(len(layer.layers))
            parts = [f".layers.{i}" for i in numbers]
        arrays = []
        for part in parts:
            weight = left.pop(f"{name}{part}.weight")
            if weight.ndim == 4:  # either kind of convolution
                weight = weight.transpose(2, 3, 1, 0)
            else:
                weight = weight.T
            arrays += [weight, left.pop(f"{name}{part}.bias")]
        if heads:  # they are an axis of their own in Keras
            shapes = [w.shape for w in layer.weights]
            arrays = [a.reshape(s) for a, s in zip(arrays, shapes)]
        layer.set_weights(arrays)
    assert not left, f"not carried: {list(left)}"


# %% One mask
best = ops.max(predict(multimask=True)[1], axis=1)
_, one, _, _ = predict(multimask=False)
_, first, _, _ = predict(multimask=False, training=True)
print("best of three:", (one[:, 0] == best).numpy().tolist())
print("in training:", (first[:, 0] == best).numpy().tolist())

# %% Five steps
target = np.zeros((3, 32, 32, 3), dtype="float32")
target[:, :, :16] = 1  # the left half
optimizer = keras.optimizers.SGD(0.1)
bce = keras.losses.BinaryCrossentropy(from_logits=True)
mse = keras.losses.MeanSquaredError()


def loss_fn():
    masks, iou, _, score = predict(multimask=True, training=True)
    loss = bce(target, masks) + mse(ops.ones_like(iou), iou)
    return loss + bce(ops.ones_like(score), score)


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        loss = loss_fn()
    gradients = tape.gradient(loss, decoder.trainable_variables)
    optimizer.apply(gradients, decoder.trainable_variables)
    return loss


print(*[f"{train_step():.3g}" for _ in range(5)])
