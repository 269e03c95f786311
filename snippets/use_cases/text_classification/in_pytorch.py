"""Tell from its words which library a sentence documents."""

# %% Setup
import re
import string
from collections import Counter
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import sklearn
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import GroupShuffleSplit
from sklearn.pipeline import make_pipeline
from torch import nn
from torch.nn.utils.rnn import pad_sequence

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Sentences
names = ["numpy", "matplotlib", "sklearn"]
found = {}  # each sentence once
for label, library in enumerate([np, matplotlib, sklearn]):
    folder = Path(library.__file__).parent
    for file in sorted(folder.rglob("*.py")):
        if "tests" not in file.relative_to(folder).parts:
            source = file.read_text(encoding="utf-8")
            for quoted in re.findall('"""(.+?)"""', source, re.S):
                first = " ".join(quoted.split("\n\n")[0].split())
                if any(map(str.isalnum, first)):
                    found.setdefault(first, (label, str(file)))
texts = np.array(list(found))
labels, files = map(np.array, zip(*found.values()))
print(dict(zip(names, np.bincount(labels).tolist())))

# %% Split by file
parts = GroupShuffleSplit(1, test_size=0.25, random_state=0)
train, test = next(parts.split(texts, labels, groups=files))
print(len(train), "train,", len(test), "test")

# %% Baselines
print(f"always matplotlib {(labels[test] == 1).mean():.2f}")
counts = make_pipeline(TfidfVectorizer(), LogisticRegression())
counts.fit(texts[train], labels[train])
linear = counts.score(texts[test], labels[test])
print(f"TF-IDF and logistic regression {linear:.2f}")

# %% Words to numbers
strip = str.maketrans("", "", string.punctuation)


def words(text):
    return text.lower().translate(strip).split()


seen = Counter(w for text in texts[train] for w in words(text))
ranked = sorted(seen, key=lambda w: (seen[w], w), reverse=True)
vocabulary = ["", "[UNK]", *ranked[:4998]]  # 0 pads, 1 is unknown
code = {word: number for number, word in enumerate(vocabulary)}


def encode(texts):
    rows = [[code.get(w, 1) for w in words(t)[:40]] for t in texts]
    rows = [torch.tensor(row) for row in rows]
    return pad_sequence(rows, batch_first=True).to(device)


print(" ".join(vocabulary[2:12]))
print(encode(["Return the zorblax.", "Return."]).cpu().numpy())

# %% Model
model = nn.Sequential(
    nn.EmbeddingBag(5000, 32, mode="mean", padding_idx=0),
    nn.Dropout(0.5),
    nn.Linear(32, 3),
).to(device)
with torch.no_grad():
    model[0].weight.mul_(0.05)  # starts at a scale of 1
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


# %% Train
def train_step(x, y):
    model.train()
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


x, y = encode(texts[train]), torch.tensor(labels[train]).to(device)
for epoch in range(1, 4):
    parts = torch.randperm(len(x)).split(64)
    losses = [train_step(x[part], y[part]) for part in parts]
    print(f"epoch {epoch}  loss {np.mean(losses):.2f}")

# %% On unseen files
model.eval()
codes = encode(texts[test])
with torch.inference_mode():
    logits = model(codes)
predicted = logits.argmax(dim=1).cpu().numpy()
accuracy = (predicted == labels[test]).mean()
print(f"network {accuracy:.2f}, TF-IDF {linear:.2f}")

# %% Padding changes nothing
with torch.inference_mode():
    padded = nn.functional.pad(codes, (0, 60))
    apart = (model(padded) - logits).abs().max().item()
print("60 more zeros change the logits:", apart > 1e-5)
print("padding row all 0:", not model[0].weight[0].any().item())

# %% Which it confuses
ConfusionMatrixDisplay.from_predictions(
    labels[test], predicted, display_labels=names, cmap="Greys"
)
plt.gcf().set_size_inches(6, 3.5)
plt.show()
