"""Attention by hand, fused, masked, grouped, and as a layer."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

rng = np.random.default_rng(0)
shape = 2, 4, 6, 8  # batch, heads, tokens, size of a head
q, k, v = torch.tensor(rng.normal(size=(3, *shape))).float()


# %% By hand
def attention(q, k, v, mask=None):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(dim=-1)
    return weights @ v, weights


output, weights = attention(q, k, v)
print("output", tuple(output.shape))
print("weights of a query", weights[0, 0, 0].numpy().round(3))

# %% The fused function
fused = F.scaled_dot_product_attention(q, k, v)
print("as by hand:", np.allclose(fused, output, atol=1e-5))

# %% Causal mask
causal = torch.ones(6, 6, dtype=torch.bool).tril()
output, weights = attention(q, k, v, causal)
print(weights[0, 0].numpy().round(2))
hidden = F.scaled_dot_product_attention(q, k, v, is_causal=True)
print("as by hand:", np.allclose(hidden, output, atol=1e-5))

# %% Padding mask
lengths = torch.tensor([6, 4])
valid = torch.arange(6) < lengths[:, None]  # batch, keys
mask = valid[:, None, None, :]  # batch, heads, queries, keys
padded = F.scaled_dot_product_attention(q, k, v, mask)
output, weights = attention(q, k, v, mask)
print("weights of a query", weights[1, 0, 0].numpy().round(3))
print("as by hand:", np.allclose(padded, output, atol=1e-5))

# %% Fewer key heads
k2, v2 = k[:, :2], v[:, :2]  # two heads for four of queries
grouped = F.scaled_dot_product_attention(
    q, k2, v2, enable_gqa=True
)
k4, v4 = (x.repeat_interleave(2, dim=1) for x in (k2, v2))
output, _ = attention(q, k4, v4)
print("as repeated:", np.allclose(grouped, output, atol=1e-5))

# %% The layer
layer = nn.MultiheadAttention(32, 4, batch_first=True).eval()
x = torch.tensor(rng.normal(size=(2, 6, 32))).float()
kernels = torch.tensor(rng.normal(0, 0.3, (4, 32, 32))).float()
with torch.no_grad():
    layer.in_proj_weight.copy_(kernels[:3].mT.flatten(0, 1))
    layer.out_proj.weight.copy_(kernels[3].T)
with torch.inference_mode():
    output, weights = layer(x, x, x)
print("output", tuple(output.shape))
print("weights", tuple(weights.shape), "mean of the heads")

# %% Masks of the layer
with torch.inference_mode():
    output, weights = layer(
        x,
        x,
        x,
        attn_mask=~causal,  # True: kept from seeing
        key_padding_mask=~valid,
        average_attn_weights=False,
    )
_, axes = plt.subplots(1, 4, figsize=(7, 2))
for head, ax in enumerate(axes):
    ax.imshow(weights[1, head], cmap="Greys", vmin=0, vmax=1)
    ax.set(title=f"head {head}", xlabel="key", ylabel="query")
    ax.label_outer()
plt.show()
