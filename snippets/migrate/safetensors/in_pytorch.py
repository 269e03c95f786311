"""Keep weights in a safetensors file that both can read."""

# %% Setup
import torch
from safetensors import safe_open
from safetensors.torch import load_file, load_model
from safetensors.torch import save_file, save_model
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
digits = load_digits()
images = torch.from_numpy(digits.images / 16).float().unsqueeze(1)
labels = torch.from_numpy(digits.target)
train_set = TensorDataset(images[:1500], labels[:1500])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)


# %% A trained network
class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, kernel_size=3, padding=1)
        self.head = nn.Linear(8 * 4 * 4, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.head(x.flatten(1))


model = Digits()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(5):
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()


@torch.inference_mode()
def predict(model):
    model.eval()
    return model(images)


logits = predict(model)
correct = logits[1500:].argmax(dim=1) == labels[1500:]
print(f"test accuracy: about {correct.float().mean():.1f}")

# %% Save
weights = model.state_dict()
save_file(weights, "digits.safetensors", metadata={"epochs": "5"})
print(*weights)

# %% Look without loading
with safe_open("digits.safetensors", framework="pt") as file:
    print(file.metadata())
    for name in file.keys():
        part = file.get_slice(name)
        print(name, part.get_dtype(), part.get_shape())
    two_rows = file.get_slice("head.weight")[:2]
print("read alone:", tuple(two_rows.shape))

# %% Load
fresh = Digits()
print(fresh.load_state_dict(load_file("digits.safetensors")))
print("same outputs:", torch.equal(predict(fresh), logits))


# %% Write what the other would write
def as_keras(model):
    weights = model.state_dict()
    conv = weights["conv.weight"].permute(2, 3, 1, 0)
    head = weights["head.weight"].unflatten(1, (8, 4, 4))
    head = head.permute(2, 3, 1, 0).flatten(0, 2)
    return {
        "digits/conv/kernel": conv.contiguous(),
        "digits/conv/bias": weights["conv.bias"],
        "digits/head/kernel": head.contiguous(),
        "digits/head/bias": weights["head.bias"],
    }


save_file(as_keras(model), "for_keras.safetensors")


# %% Read what the other has written
def from_keras(tensors):
    conv = tensors["digits/conv/kernel"]
    head = tensors["digits/head/kernel"].unflatten(0, (4, 4, 8))
    return {
        "conv.weight": conv.permute(3, 2, 0, 1),
        "conv.bias": tensors["digits/conv/bias"],
        "head.weight": head.permute(3, 2, 0, 1).flatten(1),
        "head.bias": tensors["digits/head/bias"],
    }


fresh = Digits()
tensors = load_file("for_keras.safetensors")
fresh.load_state_dict(from_keras(tensors))
print("same outputs:", torch.equal(predict(fresh), logits))

# %% A transposed array
turned = weights["head.weight"].T
try:
    save_file({"kernel": turned}, "turned.safetensors")
except ValueError as error:
    print(str(error).partition(" which")[0])
# With .contiguous(), as in as_keras above, it is written.

# %% A weight that is used twice
tied = nn.Sequential(nn.Embedding(50, 8), nn.Linear(8, 50))
tied[1].weight = tied[0].weight
try:
    save_file(tied.state_dict(), "tied.safetensors")
except RuntimeError as error:
    print(str(error).strip().partition(",")[0])
save_model(tied, "tied.safetensors")
print("in the file:", *load_file("tied.safetensors"))
print("missing, left over:", *load_model(tied, "tied.safetensors"))

# %% bfloat16
half = {"conv.bias": weights["conv.bias"].bfloat16()}
save_file(half, "half.safetensors")
back = load_file("half.safetensors")["conv.bias"]
print(back.dtype, torch.equal(back, half["conv.bias"]))

# %% The optimizer
try:
    save_file(optimizer.state_dict(), "adam.safetensors")
except ValueError as error:
    print(error)
first = optimizer.state_dict()["state"][0]
save_file(first, "adam.safetensors")
print("of the first weight:", *load_file("adam.safetensors"))
