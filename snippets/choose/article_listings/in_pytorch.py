"""Parse and run a network as printed; watch memory return."""

# %% Setup
import ast
import warnings
import weakref

import numpy as np
import torch
from torch import nn

torch.manual_seed(0)

# %% As printed
PRINTED = """
class SimpleNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super(SimpleNN, self).__init__()
"""


def parses(text):
    try:
        ast.parse(text)
    except SyntaxError as error:
        print(error.msg)
        return False
    return True


print("parses:", parses(PRINTED))


# %% Repaired
class SimpleNN(nn.Module):
    def __init__(self):
        super(SimpleNN, self).__init__()
        self.fc1 = nn.Linear(10, 20)
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(20, 5)

    def forward(self, x):
        return self.fc2(self.relu(self.fc1(x)))


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    model = SimpleNN()
print(len(caught), "warnings")
print(sum(p.numel() for p in model.parameters()), "parameters")

# %% The activation either way
model.eval()
x = torch.ones(8, 10)
with torch.inference_mode():
    hidden = nn.functional.relu(model.fc1(x))
    same = torch.equal(model.fc2(hidden), model(x))
print("same output:", same)


# %% When memory comes back
def memory_is_kept(take, width):
    array = np.ones((1000, width), "float32")
    block = weakref.ref(array)  # the memory that x uses
    x = torch.from_numpy(array)
    part = take(x)
    del array, x
    kept = block() is not None
    del part
    return kept


takes = {
    "x itself": lambda x: x,
    "two rows": lambda x: x[:2],
    "two columns": lambda x: x[:, :2],
    "nothing": lambda x: None,
}
for name, take in takes.items():
    kept = memory_is_kept(take, width=1024)
    print(f"{name:11} {'kept' if kept else 'given back'}")
