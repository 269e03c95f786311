"""Attention by hand, fused, masked, grouped, and as a layer."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import ops

rng = np.random.default_rng(0)
shape = 2, 4, 6, 8  # batch, heads, tokens, size of a head
q, k, v = tf.cast(rng.normal(size=(3, *shape)), tf.float32)


# %% By hand
def attention(q, k, v, mask=None):
    scores = tf.matmul(q, k, transpose_b=True)
    scores /= q.shape[-1] ** 0.5
    if mask is not None:
        scores = tf.where(mask, scores, -np.inf)
    weights = tf.nn.softmax(scores)
    return weights @ v, weights


output, weights = attention(q, k, v)
print("output", output.shape)
print("weights of a query", weights[0, 0, 0].numpy().round(3))


# %% The fused function
def heads_last(x):  # Keras: batch, tokens, heads, size
    return tf.transpose(x, (0, 2, 1, 3))


qkv = [heads_last(x) for x in (q, k, v)]
fused = heads_last(ops.dot_product_attention(*qkv))
print("as by hand:", np.allclose(fused, output, atol=1e-5))

# %% Causal mask
causal = np.tril(np.ones((6, 6), bool))
output, weights = attention(q, k, v, causal)
print(weights[0, 0].numpy().round(2))
hidden = ops.dot_product_attention(*qkv, is_causal=True)
hidden = heads_last(hidden)
print("as by hand:", np.allclose(hidden, output, atol=1e-5))

# %% Padding mask
lengths = tf.constant([6, 4])
valid = tf.sequence_mask(lengths, 6)  # batch, keys
mask = valid[:, None, None, :]  # batch, heads, queries, keys
padded = heads_last(ops.dot_product_attention(*qkv, mask=mask))
output, weights = attention(q, k, v, mask)
print("weights of a query", weights[1, 0, 0].numpy().round(3))
print("as by hand:", np.allclose(padded, output, atol=1e-5))

# %% Fewer key heads
k2, v2 = k[:, :2], v[:, :2]  # two heads for four of queries
qkv2 = [heads_last(x) for x in (q, k2, v2)]
grouped = heads_last(ops.dot_product_attention(*qkv2))
k4, v4 = (tf.repeat(x, 2, axis=1) for x in (k2, v2))
output, _ = attention(q, k4, v4)
print("as repeated:", np.allclose(grouped, output, atol=1e-5))

# %% The layer
layer = keras.layers.MultiHeadAttention(4, key_dim=8)
x = rng.normal(size=(2, 6, 32)).astype("float32")
kernels = rng.normal(0, 0.3, (4, 32, 32)).astype("float32")
layer.build(x.shape, x.shape)
layer.query_dense.kernel.assign(kernels[0].reshape(32, 4, 8))
layer.key_dense.kernel.assign(kernels[1].reshape(32, 4, 8))
layer.value_dense.kernel.assign(kernels[2].reshape(32, 4, 8))
layer.output_dense.kernel.assign(kernels[3].reshape(4, 8, 32))
output, weights = layer(x, x, return_attention_scores=True)
print("output", output.shape)
print("weights", weights.shape, "of each head")

# %% Masks of the layer
output, weights = layer(
    x,
    x,
    attention_mask=valid[:, None, :],  # True: sees
    use_causal_mask=True,
    return_attention_scores=True,
)
_, axes = plt.subplots(1, 4, figsize=(7, 2))
for head, ax in enumerate(axes):
    ax.imshow(weights[1, head], cmap="Greys", vmin=0, vmax=1)
    ax.set(title=f"head {head}", xlabel="key", ylabel="query")
    ax.label_outer()
plt.show()
