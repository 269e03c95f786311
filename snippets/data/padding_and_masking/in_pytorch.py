"""Sequences of unequal length: pad, mask and bucket them."""

# %% Setup
from collections import defaultdict
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Sampler

torch.manual_seed(0)
pixels = load_digits().data[:500]
sequences = [torch.tensor(np.flatnonzero(p) + 1) for p in pixels]
lengths = [len(ids) for ids in sequences]
print("inked pixels:", lengths[:4])
print("shortest", min(lengths), "longest", max(lengths))

# %% Pad a batch
ids = pad_sequence(sequences[:4], batch_first=True)  # with 0
print(ids.numpy()[:, -9:])

# %% Make the mask
mask = ids != 0  # True: real
print("real", mask.sum(dim=1).tolist())

# %% Mean over the real steps
table = np.random.default_rng(0).normal(size=(65, 8))
embedding = nn.Embedding.from_pretrained(
    torch.tensor(table).float(), freeze=False, padding_idx=0
)
x = embedding(ids)  # batch, steps, features
real = mask.unsqueeze(-1)
mean = (x * real).sum(dim=1) / real.sum(dim=1)
alone = embedding(sequences[1]).mean(dim=0)
print("as alone:", torch.allclose(mean[1], alone, atol=1e-5))
print("of all steps:", torch.allclose(x.mean(1)[1], alone))

# %% Mask the loss
targets = ids[:, 1:]  # which pixel comes next
logits = x[:, :-1] @ embedding.weight.T
loss = F.cross_entropy(logits.mT, targets, ignore_index=0)
wrong = F.cross_entropy(logits.mT, targets)
print(f"real steps {loss:.2f}, all steps {wrong:.2f}")


# %% Bucket by length
class Buckets(Sampler):
    def __init__(self, lengths, boundaries, batch_size):
        self.bucket = np.digitize(lengths, boundaries)
        self.batch_size = batch_size

    def __iter__(self):
        batches = defaultdict(list)
        for index in torch.randperm(len(self.bucket)).tolist():
            batch = batches[self.bucket[index]]
            batch.append(index)
            if len(batch) == self.batch_size:
                yield batches.pop(self.bucket[index])
        yield from batches.values()


def padding(batches):
    zeros = [batch.ravel() == 0 for batch in batches]
    return torch.cat(zeros).float().mean()


pad = partial(pad_sequence, batch_first=True)
mixed = DataLoader(sequences, 32, shuffle=True, collate_fn=pad)
alike = Buckets(lengths, [28, 32, 36], 32)
bucketed = DataLoader(
    sequences, batch_sampler=alike, collate_fn=pad
)
print(f"mixed: {padding(mixed):.1%} padding")
print(f"in buckets: {padding(bucketed):.1%} padding")
