"""LSTM and GRU: steps, states, padding, directions, layers."""

# %% Setup
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.utils import rnn

torch.manual_seed(0)
images = torch.tensor(load_digits().images[:3]).float() / 16
print("batch, steps, features:", tuple(images.shape))

# %% Every step or the last
lstm = nn.LSTM(8, 5, batch_first=True)
output, (h, c) = lstm(images)
print("output", tuple(output.shape), "h", tuple(h.shape))
last = h[-1]  # of the top layer
print("as the last step:", torch.equal(last, output[:, -1]))

# %% Carry the state
_, state = lstm(images[:, :4])
rest, _ = lstm(images[:, 4:], state)
whole = output[:, 4:]
print("as in one go:", torch.allclose(rest, whole, atol=1e-5))

# %% Padding
lengths = torch.tensor([8, 3, 5])
packed = rnn.pack_padded_sequence(
    images, lengths, batch_first=True, enforce_sorted=False
)
packed, (h_packed, _) = lstm(packed)
padded, _ = rnn.pad_packed_sequence(packed, batch_first=True)
third = output[1, 2]  # the last of row 1
print("ends:", torch.allclose(h_packed[-1, 1], third, atol=1e-5))
print("zeros after it:", not padded[1, 3:].any())

# %% Two directions
both = nn.LSTM(8, 5, batch_first=True, bidirectional=True)
steps, (h_both, _) = both(images)
summary = torch.cat([h_both[-2], h_both[-1]], dim=-1)
print("steps", tuple(steps.shape))
print("summary", tuple(summary.shape))
print("as the last step:", torch.equal(summary, steps[:, -1]))

# %% Several layers
stack = nn.LSTM(
    8, 5, num_layers=2, dropout=0.2, batch_first=True
)
stack.eval()
_, (h_stack, _) = stack(images)
top = h_stack[-1]
print("top", tuple(top.shape))
print(sum(p.numel() for p in stack.parameters()), "weights")

# %% GRU
gru = nn.GRU(8, 5, batch_first=True)
_, h_gru = gru(images)  # no cell state
print("last", tuple(h_gru[-1].shape))

# %% Port the weights
rng = np.random.default_rng(0)
with torch.no_grad():
    for layer in lstm, gru:
        for weight in layer.parameters():
            values = rng.normal(0, 0.5, weight.shape)
            weight.copy_(torch.tensor(values))
            print(tuple(weight.shape), end=" ")
        print()
    from_lstm, from_gru = lstm(images)[0], gru(images)[0]
print("LSTM", from_lstm[0, -1].numpy().round(3))
print("GRU ", from_gru[0, -1].numpy().round(3))
