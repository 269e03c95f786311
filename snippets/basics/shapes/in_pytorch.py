"""Give tensors another shape: what moves, and what is shared."""

# %% Setup
import torch

x = torch.arange(12)
images = torch.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)


def show(name, *tensors):
    print(name, *(tuple(tensor.shape) for tensor in tensors))


# %% Reshape
rows = x.reshape(3, 4)
print(rows.numpy())
flat = images.flatten(start_dim=1)  # or reshape(2, -1)
show("flat", flat)
rows[0, 0] = 100
print("first of x:", x[0].item())  # a view: the same memory

# %% Transpose
turned = rows.T
print(turned.numpy())
swapped = images.mT  # the last two axes
channels_last = images.permute(0, 2, 3, 1)
show("swapped, channels last", swapped, channels_last)
try:
    turned.view(12)
except RuntimeError as error:
    print(str(error).partition(" (")[0])
unrolled = turned.reshape(12)  # copies
print("unrolled", unrolled.tolist())

# %% Add and drop axes
row, column = x[None], x[:, None]  # or unsqueeze(0), unsqueeze(1)
show("row, column", row, column)
one = images[:1, :1]
show("dropped all, the first", one.squeeze(), one.squeeze(0))

# %% Join
a, b = torch.zeros(2, 3), torch.ones(2, 3)
below, beside = torch.cat([a, b]), torch.cat([a, b], dim=1)
show("below, beside", below, beside)
stacked = torch.stack([a, b])
show("on a new axis", stacked)

# %% Split
thirds = x.split(4)  # the length of each
show("thirds", *thirds)
uneven = x.split([2, 4, 6])
show("lengths given", *uneven)
fifths = x.tensor_split(5)  # the number of parts
show("fifths", *fifths)
print("rows", *(row.tolist() for row in rows))

# %% Repeat and broadcast
pair = torch.tensor([1, 2])
tiled, repeated = pair.repeat(2), pair.repeat_interleave(2)
print("tiled", tiled.numpy(), "repeated", repeated.numpy())
spread = pair.expand(3, 2)  # no copy
print("spread", spread.tolist())
sums = pair[:, None] + torch.tensor([10, 20, 30])
print("sums", sums.tolist())
