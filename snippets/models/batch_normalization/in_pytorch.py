"""Normalize by batch, layer, group and root mean square."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import load_iris
from torch import nn

rng = np.random.default_rng(0)
x = rng.permutation(load_iris().data)  # 150 flowers, 4 lengths
x = torch.tensor(x, dtype=torch.float32)
batches = x.split(30)

# %% A batch in training
norm = nn.BatchNorm1d(4)
norm.train()  # a new layer is in this mode
y = norm(batches[0]).detach()
mean = batches[0].mean(dim=0)
var = batches[0].var(dim=0, correction=0)
by_hand = (batches[0] - mean) / torch.sqrt(var + norm.eps)
print("first row", y[0].numpy().round(3))
print("as by hand:", np.allclose(y, by_hand, atol=1e-5))

# %% Running statistics
for batch in batches[1:]:
    norm(batch)
print("running mean", norm.running_mean.numpy().round(3))
print("running variance", norm.running_var.numpy().round(3))
print("mean of the data", x.mean(dim=0).numpy().round(3))

# %% In evaluation
norm.eval()
with torch.inference_mode():
    print("first row", norm(batches[0])[0].numpy().round(3))
    print("alone", norm(x[:1])[0].numpy().round(3))

# %% Momentum
plt.figure(figsize=(5, 3))
for new in 0.1, 0.01:
    follower = nn.BatchNorm1d(4, momentum=new)
    path = []
    for batch in batches * 20:
        follower(batch)
        path.append(follower.running_mean[0].item())
    plt.plot(path, label=f"{new} of each batch")
plt.axhline(x[:, 0].mean(), color="0.5", linestyle=":")
plt.gca().set(xlabel="batch", ylabel="running mean")
plt.legend()
plt.show()

# %% Freeze
norm.train()  # as model.train() does to all layers
norm.requires_grad_(False)
norm.eval()  # else it would follow the batches
before = norm.running_mean.clone()
norm(batches[0])
print("moved:", not torch.equal(before, norm.running_mean))

# %% Layer, group and RMS norm
layer_norm = nn.LayerNorm(4)
group_norm = nn.GroupNorm(num_groups=2, num_channels=4)
rms_norm = nn.RMSNorm(4, eps=1e-6)
for row_norm in layer_norm, group_norm, rms_norm:
    y = row_norm(batches[0]).detach()
    print(type(row_norm).__name__, y[0].numpy().round(3))

# %% A batch of one
norm.train()
try:
    print(norm(x[:1]))
except ValueError as error:
    print(str(error).partition(",")[0])
