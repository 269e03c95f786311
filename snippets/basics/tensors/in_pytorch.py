"""Create tensors, look inside them, change them, move them."""

# %% Create
import numpy as np
import torch

ints = torch.tensor([1, 2, 3])
floats = torch.tensor([0.5, 1.0, 1.5])
doubles = torch.tensor(np.array([0.5, 1.0, 1.5]))
zeros = torch.zeros(2, 3)
print("list of ints   ", ints.dtype)
print("list of floats ", floats.dtype)
print("NumPy array    ", doubles.dtype)
print("zeros          ", zeros.dtype)

# %% Mix dtypes
print(ints + floats)
print(ints / 2, (ints / 2).dtype)
print(floats.to(torch.int64))

# %% Shapes and axes
x = torch.arange(12.0).reshape(3, 4)
column_sums = x.sum(dim=0)
row_means = x.mean(dim=1, keepdim=True)
print(x.shape, x.ndim, x.numel())
print(column_sums)
print(row_means.shape, x.T.shape, x.unsqueeze(0).shape)

# %% Index and slice
last, column, part = x[1, -1], x[:, 1], x[0, 1:3]
large = x[x > 8]
rows = x[[0, 2]]
backwards = x.flip(0)  # x[::-1] is an error
print(last, column, part)
print(large)
print(rows)
print(backwards[:, 0])

# %% Broadcast
grid = torch.tensor([[1.0], [2.0]]) + torch.tensor([10.0, 20, 30])
print(grid)

# %% Change elements
changed = x.clone()
changed[0, 0] = 100
changed[:, 3] += 0.5
print(changed)

# %% Views and copies
base = torch.zeros(2, 3)
row = base[0]
copy = base[0].clone()
base[0, 0] = 7
print("slice", row)
print("copy ", copy)

# %% From NumPy and back
source = np.zeros(3, dtype="float32")
shared = torch.from_numpy(source)
copied = torch.tensor(source)
source[0] = 7
print("from_numpy", shared)
print("tensor    ", copied)
back = copied.numpy()
back[1] = 8
print("after a write to .numpy()", copied)

# %% Move to a device
device = "cuda" if torch.cuda.is_available() else "cpu"
moved = x.to(device)
print(moved.device.type)
print(moved.sum().item(), moved.cpu().numpy().shape)
