"""Layers of your own, in a model that trains, saves, freezes."""

# %% Setup
import torch
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from torch import nn

torch.manual_seed(0)
x, y = load_breast_cancer(return_X_y=True)
x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
x_train, y_train = x[:400], y[:400]
x_test, y_test = x[400:], y[400:]


# %% A layer with weights
class LowRankLinear(nn.Module):
    def __init__(self, in_features, out_features, rank):
        super().__init__()
        self.down = nn.Parameter(torch.empty(rank, in_features))
        self.up = nn.Parameter(torch.empty(out_features, rank))
        self.bias = nn.Parameter(torch.empty(out_features))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.xavier_uniform_(self.down)
        nn.init.xavier_uniform_(self.up)
        nn.init.zeros_(self.bias)

    def forward(self, x):
        return F.linear(F.linear(x, self.down), self.up, self.bias)

    def extra_repr(self):
        (rank, inputs), outputs = self.down.shape, len(self.bias)
        return f"{inputs}, {outputs}, rank={rank}"


# %% A layer with state
class Standardize(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))

    def adapt(self, x):
        self.mean.copy_(x.mean(dim=0))
        self.std.copy_(x.std(dim=0, correction=0))

    def forward(self, x):
        return (x - self.mean) / self.std


# %% The size of the input
layer = LowRankLinear(x.shape[1], 16, rank=2)
for name, weight in layer.named_parameters():
    print(name, tuple(weight.shape))


# %% In a model
def build_model():
    return nn.Sequential(
        Standardize(30),
        LowRankLinear(30, 16, rank=2),
        nn.ReLU(),
        nn.Linear(16, 2),
    )


def train(model, epochs):
    model.train()
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(weights, lr=0.01)
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x_train), y_train)
        loss.backward()
        optimizer.step()


def predict(model):
    model.eval()
    with torch.inference_mode():
        return model(x_test)


model = build_model()
model[0].adapt(x_train)
train(model, epochs=50)
accuracy = (predict(model).argmax(dim=1) == y_test).float().mean()
print(model[1], f"accuracy {accuracy:.2f}")

# %% Save and load
torch.save(model.state_dict(), "model.pt")
loaded = build_model()
loaded.load_state_dict(torch.load("model.pt", weights_only=True))
print("same:", torch.equal(predict(loaded), predict(model)))
print("in the file:", *loaded.state_dict())

# %% Freeze it
loaded[1].requires_grad_(False)
for name, weight in loaded.named_parameters():
    print(name, "trains" if weight.requires_grad else "frozen")
