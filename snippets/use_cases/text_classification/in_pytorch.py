"""Tell from its words which author wrote a sentence."""

# %% Setup
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.pipeline import make_pipeline
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Sentences
names = ["austen", "chesterton", "melville"]
train, test = [], []
for label, name in enumerate(names):
    lines = Path(f"{name}.txt").read_text("utf-8").splitlines()
    end = len(lines) * 3 // 4  # the rest of each book is held out
    train += [(text, label) for text in lines[:end]]
    test += [(text, label) for text in lines[end:]]
train_texts, train_labels = map(np.array, zip(*train))
test_texts, test_labels = map(np.array, zip(*test))
print(len(train), "train,", len(test), "test:", train_texts[0])

# %% Baselines
majority = np.bincount(train_labels).argmax()
baseline = (test_labels == majority).mean()
words = TfidfVectorizer(token_pattern=r"\w+")
linear = make_pipeline(words, LogisticRegression())
linear.fit(train_texts, train_labels)
strong = linear.score(test_texts, test_labels)
print(f"majority {baseline:.2f}, logistic regression {strong:.2f}")

# %% Words to numbers
counts = CountVectorizer(token_pattern=r"\w+", max_features=4998)
counts.fit(train_texts)
tokenize = counts.build_analyzer()
vocabulary = ["[PAD]", "[UNK]", *counts.get_feature_names_out()]
index = {word: n for n, word in enumerate(vocabulary)}


def encode(texts):  # 0 pads, 1 is any other word
    rows = [[index.get(w, 1) for w in tokenize(t)] for t in texts]
    rows = [torch.tensor(row[:40] or [1]) for row in rows]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True)


print(encode(["Call me Ishmael!", "?"]).tolist())

# %% Model
model = nn.Sequential(
    nn.EmbeddingBag(len(vocabulary), 32, padding_idx=0),
    nn.Linear(32, len(names)),
).to(device)
nn.init.uniform_(model[0].weight, -0.05, 0.05)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.CrossEntropyLoss()


# %% Train
def train_step(model, optimizer, inputs, targets):
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.item()


train_set = TensorDataset(
    encode(train_texts), torch.from_numpy(train_labels)
)
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
for epoch in range(1, 7):
    model.train()
    loss = 0
    for inputs, targets in train_loader:
        inputs, targets = inputs.to(device), targets.to(device)
        loss += train_step(model, optimizer, inputs, targets)
    print(f"epoch {epoch}  loss {loss / len(train_loader):.2f}")


# %% On the rest of the books
@torch.inference_mode()
def predict(inputs):
    model.eval()
    return model(inputs.to(device)).cpu().numpy()


logits = predict(encode(test_texts))
predicted = logits.argmax(axis=1)
accuracy = (predicted == test_labels).mean()
print(f"network {accuracy:.2f}, logistic regression {strong:.2f}")

# %% Which it confuses
ConfusionMatrixDisplay.from_predictions(
    test_labels, predicted, display_labels=names, cmap="Greys"
)
plt.show()
