"""Tell from its words which library a sentence documents."""

# %% Setup
import string
from collections import Counter
from importlib.metadata import files

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import GroupShuffleSplit
from sklearn.pipeline import make_pipeline
from torch import nn

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Sentences
names = ["numpy", "matplotlib", "scikit-learn"]
found = {}  # each sentence once
for label, name in enumerate(names):
    for file in sorted(files(name)):
        if file.suffix == ".py" and "tests" not in file.parts:
            for text in file.read_text("utf-8").split('"""')[1::2]:
                text = " ".join(text.split("\n\n")[0].split())
                if text[:1].isalnum():
                    found.setdefault(text, (label, str(file)))
texts = np.array(list(found))
labels, sources = map(np.array, zip(*found.values()))
print(dict(zip(names, np.bincount(labels).tolist())))

# %% Split by file
parts = GroupShuffleSplit(1, test_size=0.25, random_state=0)
train, test = next(parts.split(texts, groups=sources))
print(len(train), "train,", len(test), "test")

# %% Baselines
baseline = (labels[test] == 1).mean()  # always matplotlib
linear = make_pipeline(TfidfVectorizer(), LogisticRegression())
linear.fit(texts[train], labels[train])
strong = linear.score(texts[test], labels[test])
print(f"majority {baseline:.2f}, logistic regression {strong:.2f}")

# %% Words to numbers
strip = str.maketrans("", "", string.punctuation)


def words(text):
    return text.lower().translate(strip).split()


seen = Counter(w for text in texts[train] for w in words(text))
ranked = sorted(seen, key=lambda w: (seen[w], w), reverse=True)
code = {word: n for n, word in enumerate(ranked[:4998], 2)}


def encode(texts):  # 0 pads, 1 is unknown
    rows = [[code.get(w, 1) for w in words(t)[:40]] for t in texts]
    rows = [torch.tensor(row, device=device) for row in rows]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True)


print(encode(["Return the zorblax.", "Return."]).cpu().numpy())

# %% Model
model = nn.Sequential(
    nn.EmbeddingBag(5000, 32, padding_idx=0), nn.Linear(32, 3)
).to(device)
nn.init.uniform_(model[0].weight, -0.05, 0.05)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


# %% Train
def train_step(x, y):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()


x, y = encode(texts[train]), torch.tensor(labels[train]).to(device)
for epoch in range(2):
    for part in torch.randperm(len(x)).split(64):
        train_step(x[part], y[part])

# %% On unseen files
codes = encode(texts[test])
with torch.inference_mode():
    logits = model(codes)
    padded = model(nn.functional.pad(codes, (0, 60)))
predicted = logits.argmax(dim=1).cpu().numpy()
accuracy = (predicted == labels[test]).mean()
print(f"network {accuracy:.2f}, logistic regression {strong:.2f}")
print("60 more zeros matter:", not torch.allclose(logits, padded))

# %% Which it confuses
ConfusionMatrixDisplay.from_predictions(
    labels[test], predicted, display_labels=names, cmap="Greys"
)
plt.show()
