"""Train on two devices: the same weights as on one."""

# %% Setup
import subprocess
import sys

import torch
import torch.distributed as dist
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler

images, labels = load_digits(return_X_y=True)
images = torch.from_numpy(images / 16).float()
labels = torch.from_numpy(labels)

# %% Devices
# torchrun starts one process a device; each runs this file.

# %% Batches
global_batch_size = 100
train_set = TensorDataset(images[:1500], labels[:1500])


def loader(rank, world_size):
    sampler = DistributedSampler(
        train_set, num_replicas=world_size, rank=rank, seed=0
    )
    batch_size = global_batch_size // world_size
    return DataLoader(train_set, batch_size, sampler=sampler)


# %% Model
def build_model():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(64, 32),
        nn.ReLU(),
        nn.Linear(32, 10),
    )


# %% Train
def fit(model, train_loader):
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    model.train()
    for epoch in range(3):
        train_loader.sampler.set_epoch(epoch)  # a new order
        for inputs, targets in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(inputs), targets)
            loss.backward()
            optimizer.step()


# %% On two devices
def main():
    dist.init_process_group("gloo")  # "nccl" for GPUs
    rank, world_size = dist.get_rank(), dist.get_world_size()
    model = build_model()
    # The wrapper has to be gone before its group is destroyed.
    fit(DistributedDataParallel(model), loader(rank, world_size))
    if rank == 0:
        print("processes:", world_size)
        torch.save(model.state_dict(), "two.pt")
    dist.destroy_process_group()


if dist.is_torchelastic_launched():  # by the command below
    main()
    sys.exit()
torchrun = [sys.executable, "-m", "torch.distributed.run"]
options = ["--standalone", "--nproc-per-node=2"]
subprocess.run([*torchrun, *options, __file__], check=True)

# %% On one device
one, two = build_model(), build_model()
fit(one, loader(0, 1))
two.load_state_dict(torch.load("two.pt", weights_only=True))
for model in one, two:
    model.eval()
    with torch.inference_mode():
        predicted = model(images[1500:]).argmax(dim=1)
    accuracy = (predicted == labels[1500:]).float().mean()
    print(f"accuracy on 297 unseen images: {accuracy:.2f}")
gap = max(
    (a - b).abs().max().item()
    for a, b in zip(one.parameters(), two.parameters())
)
print("weights agree to 1e-5:", gap < 1e-5)

# %% A loop by hand
# `fit` above is one: `backward` averages the gradients.
