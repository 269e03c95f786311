"""Keep the model busy: workers, prefetch, pinned memory, cache."""

# %% Setup
import time

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import (
    DataLoader,
    Dataset,
    TensorDataset,
    get_worker_info,
)

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = load_digits(return_X_y=True)
images = (images[:128] / 16).astype("float32")


# %% A slow dataset
class SlowDigits(Dataset):
    """Takes 5 ms a sample, as decoding a photograph does."""

    def __len__(self):
        return len(images)

    def __getitem__(self, i):
        start = time.perf_counter()
        time.sleep(0.005)
        times = np.array([start, time.perf_counter()])
        return images[i], labels[i], times


train_set = SlowDigits()
train_loader = DataLoader(train_set, batch_size=16)
print(len(train_set), "images in", len(train_loader), "batches")

# %% Train and take the times
model = nn.Linear(64, 10).to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train_step(inputs, targets):
    inputs = inputs.to(device, non_blocking=True)
    targets = targets.to(device, non_blocking=True)
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.item()  # waits for the GPU


def train_epoch(loader):
    loads, steps = [], []
    for inputs, targets, times in loader:
        start = time.perf_counter()
        train_step(inputs, targets)
        steps.append((start, time.perf_counter()))
        loads.append(times)
    return np.concatenate(loads), np.array(steps)


def report(loads, steps):
    starts, ends = np.sort(loads, axis=0).T
    ended = np.searchsorted(ends, starts, side="right")
    at_once = (np.arange(1, len(starts) + 1) - ended).max()
    ahead = (starts[16::16] < steps[:-1, 1]).any()
    print("samples loading at once:", at_once)
    print("next batch begun before a step ends:", ahead)
    return at_once, ahead


# %% Find the bottleneck
train_epoch(train_loader)  # first steps take longer
loads, steps = train_epoch(train_loader)
computing = np.ptp(steps, axis=1).sum() / np.ptp(steps)
print("the model waits most of the time:", bool(computing < 0.5))
one_process = report(loads, steps)

# %% Several at once
parallel_loader = DataLoader(train_set, 16, num_workers=2)
several = report(*train_epoch(parallel_loader))

# %% Ahead of the model
ahead_loader = DataLoader(
    train_set,
    batch_size=16,
    num_workers=2,
    prefetch_factor=2,  # batches that each worker is ahead
    persistent_workers=True,  # started once, not each epoch
    pin_memory=device == "cuda",  # for copies with non_blocking
)
ahead = report(*train_epoch(ahead_loader))

# %% Keep the order
batches = list(ahead_loader)
order = torch.cat([targets for _, targets, _ in batches])
same = np.array_equal(order, labels[:128])
print("in the order of the dataset:", same)

# %% Load once
cached = TensorDataset(*map(torch.cat, zip(*batches)))
cached_loader = DataLoader(cached, batch_size=16, shuffle=True)
first, second = (train_epoch(cached_loader)[0] for _ in range(2))
starts = np.union1d(first[:, 0], second[:, 0])
print("samples loaded in two epochs:", len(starts))


# %% Random numbers
class Noisy(Dataset):
    def __init__(self):
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return 8

    def __getitem__(self, i):
        return self.rng.random()


def seed_worker(worker_id):
    worker = get_worker_info()
    worker.dataset.rng = np.random.default_rng(worker.seed)


def two_epochs(loader):
    first, second = (torch.cat(list(loader)) for _ in range(2))
    print(len(first.unique()), "of 8 differ;", end=" ")
    print("the next epoch repeats them:", first.equal(second))
    return first, second


loader = DataLoader(Noisy(), batch_size=4, num_workers=2)
noisy = two_epochs(loader)
loader = DataLoader(
    Noisy(), 4, num_workers=2, worker_init_fn=seed_worker,
)
seeded = two_epochs(loader)
