"""One residual network in three ways, and what each can do."""

# %% Setup
import torch
import torch.nn.functional as F
from torch import fx, nn

torch.manual_seed(0)
x = torch.linspace(-1, 1, 32).reshape(4, 8)


# %% A chain
class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


chain = nn.Sequential(
    Residual(nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0.5)),
    nn.Linear(8, 3),
)


# %% A graph of calls
# PyTorch has no such models. A plain function comes closest:
# it holds nothing, so the weights are arguments.
def graph(x, w1, b1, w2, b2, *, training=False):
    hidden = F.relu(F.linear(x, w1, b1))
    hidden = F.dropout(hidden, 0.5, training)
    return F.linear(x + hidden, w2, b2)


# %% A class
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(8, 8)
        self.dropout = nn.Dropout(0.5)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        hidden = F.relu(self.hidden(x))
        return self.out(x + self.dropout(hidden))


network = Network()

# %% Dropout without being asked
print("new model in train mode:", network.training)
print("same twice:", torch.equal(network(x), network(x)))
network.eval()
print("same twice after eval():", network(x).equal(network(x)))

# %% Same weights, same output
chain[0][0].load_state_dict(network.hidden.state_dict())
chain[1].load_state_dict(network.out.state_dict())
chain.eval()
print("chain:", chain(x).equal(network(x)))
hidden, out = network.hidden, network.out
weights = hidden.weight, hidden.bias, out.weight, out.bias
print("graph:", graph(x, *weights).equal(network(x)))

# %% Look inside
print("class:", *[name for name, _ in network.named_children()])
traced = fx.symbolic_trace(network)
print("traced:", *[node.name for node in traced.graph.nodes])

# %% Save without the class
shapes = {"x": {0: torch.export.Dim("batch")}}
exported = torch.export.export(
    network, (x,), dynamic_shapes=shapes
)
torch.export.save(exported, "network.pt2")
loaded = torch.export.load("network.pt2").module()
print("exported:", loaded(x).equal(network(x)))
torch.save(network.state_dict(), "weights.pt")
weights = torch.load("weights.pt", weights_only=True)
print("weights alone:", *weights)
loaded = Network().eval()
loaded.load_state_dict(weights)
print("class given:", loaded(x).equal(network(x)))


# %% Branch on the data
class Positive(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


positive = Positive()
print("called:", positive(-torch.ones(2)).numpy())
try:
    fx.symbolic_trace(positive)
except fx.proxy.TraceError as error:
    print("traced:", error)


# %% A list of layers
class Stack(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.steps = kind([nn.Linear(8, 8), nn.Linear(8, 8)])


for kind in list, nn.ModuleList:
    found = len(list(Stack(kind).parameters()))
    print(f"{kind.__name__}: {found} weights")
