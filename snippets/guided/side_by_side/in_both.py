"""One experiment in both frameworks, from the same weights."""

# %% [markdown]
# # One experiment, two frameworks
#
# This notebook trains the same small network in PyTorch and in
# TensorFlow, in one process: the same handwritten digits, the
# same first weights, the same batches in the same order. If both
# compute the same thing, both have to arrive at the same place.
#
# The output is what it printed when it last ran. Download it and
# run it yourself; it needs torch, tensorflow, scikit-learn and
# matplotlib, and takes a few seconds.

# %% Imports
import torch
import torch._dynamo  # brings Triton, which TensorFlow must follow

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

# %% [markdown]
# ## The same data
#
# NumPy owns the data, so neither framework can shuffle or scale
# it in its own way. Each row is an image of 8 × 8 pixels.

# %% Digits
images, labels = load_digits(return_X_y=True)
x = (images / 16).astype("float32")
train_x, train_y = x[:1500], labels[:1500]
test_x, test_y = x[1500:], labels[1500:]

rng = np.random.default_rng(0)
epochs = 8
batches = [
    part
    for _ in range(epochs)
    for part in np.split(rng.permutation(1500), 30)
]
print(train_x.shape, train_x.dtype, len(batches), "batches")

# %% [markdown]
# ## The same first weights
#
# Left alone, the two would start elsewhere: `nn.Linear` and
# `Dense` draw from different distributions. So NumPy draws, and
# both networks copy. PyTorch keeps a weight as (out, in), Keras
# as (in, out): hence the transpose.

# %% Networks
kernels = [
    rng.normal(0, 0.2, (64, 32)).astype("float32"),
    rng.normal(0, 0.2, (32, 10)).astype("float32"),
]

torch_model = torch.nn.Sequential(
    torch.nn.Linear(64, 32),
    torch.nn.ReLU(),
    torch.nn.Linear(32, 10),
)
with torch.no_grad():
    for layer, kernel in zip(torch_model[::2], kernels):
        layer.weight.copy_(torch.from_numpy(kernel.T))
        layer.bias.zero_()

keras_model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(10),
])
for layer, kernel in zip(keras_model.layers, kernels):
    layer.set_weights([kernel, np.zeros_like(kernel[0])])

a = torch_model(torch.from_numpy(test_x)).detach().numpy()
b = keras_model(test_x).numpy()
print(f"largest logit {a.max():.2f} and {b.max():.2f}")
print("apart by less than 0.00001:", abs(a - b).max() < 1e-5)

# %% [markdown]
# ## The same steps
#
# Plain gradient descent has no hidden constants, so nothing can
# differ but the order in which numbers are added.

# %% Train in PyTorch
loss_fn = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(torch_model.parameters(), lr=0.5)
torch_losses = []
for rows in batches:
    optimizer.zero_grad()
    logits = torch_model(torch.from_numpy(train_x[rows]))
    loss = loss_fn(logits, torch.from_numpy(train_y[rows]))
    loss.backward()
    optimizer.step()
    torch_losses.append(loss.item())
print(f"loss {torch_losses[0]:.3f} falls to {torch_losses[-1]:.3f}")

# %% Train in TensorFlow
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.SGD(learning_rate=0.5)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, keras_model(x, training=True))
    weights = keras_model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


keras_losses = []
for rows in batches:
    loss = train_step(train_x[rows], train_y[rows])
    keras_losses.append(loss.numpy())
print(f"loss {keras_losses[0]:.3f} falls to {keras_losses[-1]:.3f}")

# %% [markdown]
# ## Did they arrive at the same place?
#
# Both curves lie on top of each other, and not to the last bit.
# float32 rounds, each CPU adds in an order of its own, and each
# step starts from the rounding of the one before it.

# %% Compare
figure, axes = plt.subplots(figsize=(7, 3.5))
axes.plot(torch_losses, color="0.7", lw=4, label="PyTorch")
axes.plot(keras_losses, "k", lw=1, label="TensorFlow")
axes.set(xlabel="step", ylabel="loss")
figure.legend(loc="upper center", ncols=2)
plt.show()

gap = np.abs(np.subtract(torch_losses, keras_losses))
print("apart by less than 0.0001 in each step:", gap.max() < 1e-4)

a = torch_model(torch.from_numpy(test_x)).detach().numpy()
b = keras_model(test_x).numpy()
for name, logits in ("PyTorch", a), ("TensorFlow", b):
    accuracy = (logits.argmax(1) == test_y).mean()
    print(f"{name:10}  {accuracy:.3f} of unseen digits right")
same = (a.argmax(1) == b.argmax(1)).sum()
print(same, "of", len(test_y), "answers are the same")

# %% [markdown]
# ## What to try
#
# - Replace SGD by Adam in both. The curves part: the two define
#   its epsilon differently. The page on the training loop shows
#   by how much.
# - Leave out the copying of weights. Both still learn, from
#   different places to different places.
# - Change the batch order in one of them only.
