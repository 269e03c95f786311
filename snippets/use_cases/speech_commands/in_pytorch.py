"""Recognize four spoken commands from their spectrograms."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Commands
time = np.arange(4000) / 8000  # half a second at 8 kHz
# Two formants a vowel, in hertz; two vowels a word.
i, a, e, o = (300, 2300), (750, 1250), (500, 1850), (450, 850)
words = {"yes": (i, a), "no": (a, i), "go": (e, o), "stop": (o, e)}


def utter(word, noise, rng):
    length = rng.uniform(0.15, 0.4)
    onset = rng.uniform(0, 0.5 - length)
    place = np.clip((time - onset) / length, 0, 1)
    first, last = np.array(words[word])
    throat = rng.uniform(0.8, 1.25)  # moves all formants
    hertz = throat * (first + (last - first) * place[:, None])
    tones = np.sin(2 * np.pi * np.cumsum(hertz, axis=0) / 8000)
    wave = np.sin(np.pi * place) * tones.sum(axis=1)
    # The pitch of the voice: it opens and closes the sound.
    wave *= 1 + np.cos(2 * np.pi * rng.uniform(90, 220) * time)
    return rng.uniform(0.2, 0.8) * wave + rng.normal(0, noise, 4000)


# %% Recordings
def record(count, noises, seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, count)
    spoken = [list(words)[label] for label in labels]
    waves = [utter(w, rng.uniform(*noises), rng) for w in spoken]
    return np.float32(waves), labels


train_waves, train_labels = record(800, (0.1, 0.5), seed=0)
val_waves, val_labels = record(200, (0.1, 0.5), seed=1)


# %% Spectrogram
def spectrogram(waves):
    x, hann = torch.from_numpy(waves), torch.hann_window(256)
    spectrum = torch.stft(
        x, 256, 128, window=hann, center=False, return_complex=True
    ).mT  # to (sample, time, frequency)
    return torch.log(spectrum.abs() + 0.1)[:, :, :96]


def features(waves):
    return ((spectrogram(waves) - mean) / std)[:, None]


log_spectra = spectrogram(train_waves)
mean, std = log_spectra.mean(), log_spectra.std()
train_x, val_x = features(train_waves), features(val_waves)
print("train", tuple(train_x.shape))

# %% Look
rng = np.random.default_rng(0)
quiet = np.float32([utter(word, 0.05, rng) for word in words])
style = {"cmap": plt.get_cmap("gray_r", 6), "vmin": 1}
style |= {"interpolation": "nearest", "origin": "lower"}
figure, axes = plt.subplots(1, 4, figsize=(6, 2.2), sharey=True)
for ax, word, image in zip(axes, words, spectrogram(quiet)):
    ax.imshow(image.T, extent=(0, 0.48, 0, 3), **style)
    ax.set(title=word, xlabel="seconds", aspect="auto")
axes[0].set_ylabel("kilohertz")
plt.show()


# %% Baselines
def views(x):
    x = np.asarray(x).reshape(-1, 30, 96)
    return x.mean(axis=1), x.reshape(-1, 30 * 96)


def baselines(x, labels):
    pairs = zip(regressions, views(x))
    return [each.score(view, labels) for each, view in pairs]


regressions = [
    LogisticRegression(C=0.01).fit(view, train_labels)
    for view in views(train_x)
]
scores = baselines(val_x, val_labels)
print("mean spectrum, all:", np.round(scores, 2))

# %% Model
model = nn.Sequential(
    nn.Conv2d(1, 8, 5, padding="same"),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3, padding="same"),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.AvgPool2d((7, 1)),  # the rest of time
    nn.Flatten(),
    nn.Linear(16 * 24, 4),
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)


# %% Train
def train_step(inputs, targets):
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()


@torch.inference_mode()
def predict(x):
    model.eval()
    return model(x.to(device)).argmax(dim=1).cpu().numpy()


train_set = TensorDataset(train_x, torch.from_numpy(train_labels))
train_loader = DataLoader(train_set, batch_size=40, shuffle=True)
model.train()
for epoch in range(12):
    for inputs, targets in train_loader:
        train_step(inputs.to(device), targets.to(device))
print(f"validation: {(predict(val_x) == val_labels).mean():.2f}")

# %% Test once
print("noise  mean spectrum  all values  CNN")
for noise in 0.1, 0.3, 0.5:
    waves, labels = record(300, (noise, noise), seed=3)
    x = features(waves)
    accuracy = (predict(x) == labels).mean()
    scores = *baselines(x, labels), accuracy
    print(noise, *(f"{score:11.2f}" for score in scores))
_, baseline, _ = scores  # with the most noise
