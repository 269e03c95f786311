"""Build one model with Keras, and train it in this framework."""

# %% Setup
import os

os.environ["KERAS_BACKEND"] = "torch"  # before Keras is imported

import keras
import torch
from keras import layers
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

keras.utils.set_random_seed(0)
digits = load_digits()
x = (digits.images / 16).astype("float32")[..., None]
y = digits.target
print(keras.backend.backend(), keras.config.image_data_format())


# %% One model for both
def build():
    return keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Conv2D(8, 3, padding="same", name="conv"),
        layers.BatchNormalization(momentum=0.9, name="norm"),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(10, name="head"),
    ], name="digits")


model = build()
print(model.count_params(), "numbers")

# %% What the framework sees
print("an nn.Module:", isinstance(model, nn.Module))
kernel = model.get_layer("conv").kernel
print(kernel.path, tuple(kernel.shape), type(kernel.value).__name__)
trained = [each.requires_grad for each in model.parameters()]
print(sum(trained), "of", len(trained), "parameters are trained")
print(len(model.state_dict()), "entries in state_dict")

# %% Training mode
device = next(model.parameters()).device
images = torch.from_numpy(x).to(device)
labels = torch.from_numpy(y).to(device)
model.train()
one, two = model(images), model(images)
print("train() drops out:", not torch.equal(one, two))
one, two = (model(images, training=True) for _ in range(2))
print("training=True drops out:", not torch.equal(one, two))

# %% A loop of the framework
train_set = TensorDataset(
    torch.from_numpy(x[:1500]), torch.from_numpy(y[:1500])
)
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)


def train_step(model, optimizer, inputs, targets):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(inputs, training=True), targets)
    loss.backward()
    optimizer.step()


optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    for inputs, targets in train_loader:
        inputs, targets = inputs.to(device), targets.to(device)
        train_step(model, optimizer, inputs, targets)
with torch.inference_mode():
    correct = model(images[1500:]).argmax(1) == labels[1500:]
print(f"test accuracy: about {correct.float().mean():.1f}")

# %% fit
model.compile(
    keras.optimizers.Adam(learning_rate=0.01),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(train_loader, epochs=2, shuffle=False, verbose=0)
_, accuracy = model.evaluate(x[1500:], y[1500:], verbose=0)
print(f"test accuracy: about {accuracy:.1f}")


# %% A Keras layer in the framework's module
class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(64, 32)
        self.head = layers.Dense(10)

    def forward(self, x):
        return self.head(torch.relu(self.body(x)))


mixed = Mixed().to(device)
print("before a call:", len(list(mixed.parameters())))
mixed(images.flatten(1))
print("after it:", len(list(mixed.parameters())))

# %% The framework's module in a Keras model
inside = nn.Sequential(nn.Linear(64, 32), nn.Dropout(0.2))
wrapped = keras.Sequential([
    keras.Input((64,)),
    layers.TorchModuleWrapper(inside, output_shape=(None, 32)),
])
print("weights:", *(tuple(each.shape) for each in wrapped.weights))
one, two = (wrapped(images.flatten(1)) for _ in range(2))
print("a call drops out:", not torch.equal(one, two))

# %% One file for both
model.save("digits.keras")
again = keras.saving.load_model("digits.keras")
one, two = again(images), model(images)
print("same outputs:", torch.equal(one, two))
print(type(again.optimizer).__module__)

# %% Move the training, too
model.save_weights("digits.weights.h5")
moved = keras.saving.load_model("digits.keras", compile=False)
moved.compile(keras.optimizers.Adam(), model.loss)
moved.optimizer.build(moved.trainable_variables)
moved.load_weights("digits.weights.h5")
print("steps so far:", int(moved.optimizer.iterations.numpy()))
print(f"rate: {float(moved.optimizer.learning_rate.numpy()):.2f}")

# %% A file with the framework's module
wrapped.save("wrapped.keras")
try:
    keras.saving.load_model("wrapped.keras")
except ValueError as error:
    print(str(error).partition(" via")[0])

# %% Export
model.export(
    "digits.pt2",
    format="torch",
    dynamic_shapes={0: torch.export.Dim.DYNAMIC},
    verbose=False,
)
exported = torch.export.load("digits.pt2").module()
one, two = exported(images), model(images)
print("close:", torch.allclose(one, two, atol=1e-5))
