"""Turn arrays into normalized, shuffled and padded batches."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset

# %% Split, then measure
images, labels = load_digits(return_X_y=True)
train_images, val_images, train_labels, val_labels = (
    train_test_split(images, labels, test_size=297, random_state=0)
)
mean, std = float(train_images.mean()), float(train_images.std())
print(f"training mean {mean:.3f}, deviation {std:.3f}")


# %% Dataset
class Digits(Dataset):
    def __init__(self, images, labels, transform):
        self.images, self.labels = images, labels
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.transform(self.images[i]), self.labels[i]


def normalize(image):
    image = torch.tensor(image, dtype=torch.float32)
    return (image - mean) / std


train_set = Digits(train_images, train_labels, normalize)
val_set = Digits(val_images, val_labels, normalize)
image, label = train_set[0]
print(len(train_set), "images", tuple(image.shape), image.dtype)

# %% Batches
generator = torch.Generator().manual_seed(0)
train_loader = DataLoader(
    train_set, batch_size=64, shuffle=True, generator=generator
)
val_loader = DataLoader(val_set, batch_size=64)
sizes = [len(y) for x, y in train_loader]
print(len(train_loader), "batches, the last has", sizes[-1])

# %% Without the short batch
full_loader = DataLoader(train_set, batch_size=64, drop_last=True)
x, y = next(iter(full_loader))
print(len(full_loader), "batches, all of", len(y))
same = np.array_equal(y, train_labels[:64])
print("in the order of the arrays:", same)


# %% How far shuffling moves
def shuffled(seed=0):
    generator = torch.Generator().manual_seed(seed)
    places = DataLoader(
        range(1500), 1500, shuffle=True, generator=generator
    )
    return next(iter(places)).numpy()


place, by_class = np.arange(1500), np.sort(train_labels)
order = shuffled()
first_batch = len(set(by_class[order[:64]]))
print("moves ahead by at most", (order - place).max())
print("classes in the first batch:", first_batch)
plt.figure(figsize=(6, 3.5))
plt.plot(place[::6], order[::6], ".", label="shuffle=True")
plt.xlabel("position in the epoch")
plt.ylabel("place in the dataset")
plt.legend(loc="upper left", framealpha=1)
plt.show()


# %% Each epoch anew
def labels_of(loader):
    return torch.cat([y for x, y in loader])


first, second = labels_of(train_loader), labels_of(train_loader)
print("second epoch in the same order:", first.equal(second))
generator.manual_seed(1)
first = labels_of(train_loader)
generator.manual_seed(1)
same = first.equal(labels_of(train_loader))
print("same seed, same order:", same)

# %% Cache
cached = list(train_set)  # normalized once; a list is a dataset
cached_loader = DataLoader(cached, batch_size=64, shuffle=True)
first, second = labels_of(cached_loader), labels_of(cached_loader)
print("cached, second epoch")
print("  in the same order:", first.equal(second))

# %% Unequal lengths
ink = [np.float32(image[image > 0]) for image in images[:6]]


def pad(batch):
    parts = [torch.from_numpy(part) for part in batch]
    return pad_sequence(parts, batch_first=True)


print("lengths", [len(part) for part in ink])
padded = DataLoader(ink, batch_size=3, collate_fn=pad)
print("batches", [tuple(batch.shape) for batch in padded])
