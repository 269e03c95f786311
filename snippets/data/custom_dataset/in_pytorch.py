"""Feed data of your own: by index, as a stream, with collate."""

# %% Setup
from itertools import islice

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    get_worker_info,
)

torch.manual_seed(0)
digits = load_digits()
device = "cuda" if torch.cuda.is_available() else "cpu"


# %% By index
class Digits(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        image = torch.tensor(self.images[i] / 16).float()
        return image, int(self.labels[i])


dataset = Digits(digits.data[:100], digits.target[:100])
loader = DataLoader(dataset, batch_size=32)
images, labels = next(iter(loader))
print(len(loader), "batches of", images.shape, images.dtype)
print("labels", labels.dtype)


# %% As a stream
class Stream(IterableDataset):
    """Reads on and on; nobody knows how long."""

    def __iter__(self):
        for image, label in zip(digits.data[:100], digits.target):
            yield np.float32(image / 16), label


stream = Stream()
stream_loader = DataLoader(stream, batch_size=32)
sizes = [len(labels) for images, labels in stream_loader]
print("sizes of the batches:", sizes)

# %% Two at once
twice = DataLoader(stream, batch_size=32, num_workers=2)
count = sum(len(labels) for _, labels in twice)
print("samples of two workers:", count)


class Shared(Stream):
    def __iter__(self):
        worker, samples = get_worker_info(), super().__iter__()
        if worker is None:
            return samples
        return islice(samples, worker.id, None, worker.num_workers)


shared = DataLoader(Shared(), batch_size=32, num_workers=2)
count = sum(len(labels) for _, labels in shared)
print("shared out:", count)


# %% Put samples together
def collate(samples):
    images, labels = zip(*samples)
    strokes = [torch.tensor(image[image > 0]) for image in images]
    strokes = nn.utils.rnn.pad_sequence(strokes, batch_first=True)
    return strokes, torch.tensor(labels)


ragged = DataLoader(stream, batch_size=32, collate_fn=collate)
print([tuple(strokes.shape) for strokes, _ in ragged])

# %% Length unknown
try:
    len(stream_loader)
except TypeError as error:
    print("TypeError:", error)

# %% Feed the model
model = nn.Linear(64, 10).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def train_epoch(loader):
    total = count = 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(images.to(device)), labels.to(device))
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count


losses = [train_epoch(loader) for epoch in range(10)]
print(f"loss {losses[0]:.1f} falls to {losses[-1]:.1f}")
