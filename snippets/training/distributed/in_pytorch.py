"""Train on two devices: the same weights as on one."""

# %% Setup
import torch
import torch.distributed as dist
from sklearn.datasets import load_digits
from torch import nn
from torch.multiprocessing import start_processes
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler

images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")

# %% Devices
# One process each, started below. No strategy object.

# %% Batches
global_batch = 100
train = TensorDataset(
    torch.from_numpy(images[:1500]), torch.from_numpy(labels[:1500])
)


def batches(rank, world):
    sampler = DistributedSampler(train, world, rank, seed=0)
    share = global_batch // world
    loader = DataLoader(train, share, sampler=sampler)
    for epoch in range(3):
        sampler.set_epoch(epoch)  # else the same order each time
        yield from loader


# %% Model
def build():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(64, 32),
        nn.ReLU(),
        nn.Linear(32, 10),
    )


# %% Train
def fit(model, batches):
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for x, y in batches:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()


# %% On two devices
def worker(rank):
    torch.set_num_threads(1)  # OpenMP's do not survive a fork
    here = "tcp://127.0.0.1:29500"
    dist.init_process_group("gloo", here, rank=rank, world_size=2)
    model = build()
    # The wrapper has to be gone before its group is destroyed.
    fit(DistributedDataParallel(model), batches(rank, 2))
    if rank == 0:
        torch.save(model.state_dict(), "two.pt")
    dist.destroy_process_group()


start_processes(worker, nprocs=2, start_method="fork")
two = build()
two.load_state_dict(torch.load("two.pt"))

# %% On one device
one = build()
fit(one, batches(0, 1))
for model in one, two:
    with torch.inference_mode():
        predicted = model(torch.from_numpy(images[1500:])).argmax(1)
    accuracy = (predicted.numpy() == labels[1500:]).mean()
    print(f"accuracy on 297 unseen images: {accuracy:.2f}")
gap = max(
    (a - b).abs().max().item()
    for a, b in zip(one.parameters(), two.parameters())
)
print("weights agree to 1e-5:", gap < 1e-5)

# %% A loop by hand
# `fit` above is one: `backward` averages the gradients.
