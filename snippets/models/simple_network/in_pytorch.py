"""Build a network with one hidden layer; look at its weights."""

# %% Setup
import torch
from torch import nn

torch.manual_seed(0)


# %% The network
class SimpleNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.fc1 = nn.Linear(input_size, hidden_size)
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        x = self.fc1(x)
        x = self.relu(x)
        return self.fc2(x)


model = SimpleNN(10, 20, 5)

# %% A batch through it
inputs = torch.ones(8, 10)
outputs = model(inputs)
print("in", tuple(inputs.shape), " out", tuple(outputs.shape))

# %% Its layers
print(model)

# %% Its weights
for name, weight in model.named_parameters():
    print(f"{name:11} {tuple(weight.shape)}")
print(sum(p.numel() for p in model.parameters()), "parameters")

# %% The shorter way
short = nn.Sequential(
    nn.Linear(10, 20),
    nn.ReLU(),
    nn.Linear(20, 5),
)
short[0].load_state_dict(model.fc1.state_dict())
short[2].load_state_dict(model.fc2.state_dict())
print("same output:", torch.equal(short(inputs), model(inputs)))
print("names:", *short.state_dict())

# %% Without the input size
try:
    nn.Linear(out_features=20)
except TypeError as error:
    print(error)
lazy = nn.Sequential(
    nn.LazyLinear(20),
    nn.ReLU(),
    nn.LazyLinear(5),
)
print("before a batch:", lazy[0].weight)
lazy(inputs)
print("after a batch:", tuple(lazy[0].weight.shape))

# %% First weights
for layer in model.fc1, model.fc2:
    weight, bias = layer.weight.abs().max(), layer.bias.abs().max()
    print(f"largest weight {weight:.3f}, bias {bias:.3f}")


# %% The other's first weights
def like_keras(layer):
    if isinstance(layer, nn.Linear):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)


other = SimpleNN(10, 20, 5).apply(like_keras)
for layer in other.fc1, other.fc2:
    weight, bias = layer.weight.abs().max(), layer.bias.abs().max()
    print(f"largest weight {weight:.3f}, bias {bias:.3f}")
