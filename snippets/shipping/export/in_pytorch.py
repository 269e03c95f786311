"""Export a model to a file and run it without its source."""

# %% Setup
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(6, 4)


# %% Model
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 8)
        self.dropout = nn.Dropout(0.5)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        print("Python runs Net")
        hidden = self.dropout(torch.relu(self.hidden(x)))
        return self.out(hidden).softmax(dim=1)


model = Net().eval()  # the export keeps the mode
with torch.inference_mode():
    expected = model(x)

# %% Export
batch = torch.export.Dim("batch")
exported = torch.export.export(
    model, (x,), dynamic_shapes={"x": {0: batch}}
)
torch.export.save(exported, "net.pt2")

# %% What the graph holds
for node in exported.graph.nodes:
    if node.op == "call_function":
        print(node.target)

# %% The signature
for node in exported.graph.nodes:
    if node.op == "placeholder":
        print(node.name, *node.meta["val"].shape)
print(exported.range_constraints)

# %% Load without the source
del Net, model, exported
loaded = torch.export.load("net.pt2").module()
same = torch.allclose(loaded(x), expected, atol=1e-6)
print("same outputs:", same)

# %% Other batch sizes
for size in (1, 100):
    print(size, "rows:", *loaded(torch.zeros(size, 4)).shape)

# %% A wrong shape
try:
    loaded(torch.zeros(6, 5))
except AssertionError as error:
    print(error)


# %% A branch on values
class Branch(nn.Module):
    def forward(self, x):
        return torch.cond(
            x.sum() > 0, lambda x: x * 10, lambda x: x / 10, (x,)
        )


exported = torch.export.export(Branch(), (torch.ones(2),))
torch.export.save(exported, "branch.pt2")
branch = torch.export.load("branch.pt2").module()
print(branch(torch.ones(2)).numpy())
print(branch(-torch.ones(2)).numpy())
