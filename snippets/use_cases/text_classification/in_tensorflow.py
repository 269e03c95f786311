"""Tell from its words which library a sentence documents."""

# %% Setup
import re
from pathlib import Path

import keras
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import sklearn
from keras import layers
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import GroupShuffleSplit
from sklearn.pipeline import make_pipeline

keras.utils.set_random_seed(0)

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
encode = layers.TextVectorization(
    max_tokens=5000, output_sequence_length=40
)
encode.adapt(texts[train])  # 0 pads, 1 is unknown
vocabulary = encode.get_vocabulary()
print(" ".join(vocabulary[2:12]))
print(encode(["Return the zorblax.", "Return."])[:, :5].numpy())

# %% Model
model = keras.Sequential([
    keras.Input((None,), dtype="int64"),
    layers.Embedding(5000, 32, mask_zero=True),
    layers.GlobalAveragePooling1D(),
    layers.Dropout(0.5),
    layers.Dense(3),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.Adam(learning_rate=0.01)

# %% Train
x, y = encode(texts[train]).numpy(), labels[train]
model.compile(optimizer, loss_fn)
fitted = model.fit(x, y, batch_size=64, epochs=3, verbose=0)
for epoch, loss in enumerate(fitted.history["loss"], 1):
    print(f"epoch {epoch}  loss {loss:.2f}")

# %% On unseen files
codes = encode(texts[test]).numpy()
logits = model.predict(codes, verbose=0)
predicted = logits.argmax(axis=1)
accuracy = (predicted == labels[test]).mean()
print(f"network {accuracy:.2f}, TF-IDF {linear:.2f}")

# %% Padding changes nothing
padded = np.pad(codes, ((0, 0), (0, 60)))
apart = abs(model(padded) - logits).numpy().max()
print("60 more zeros change the logits:", apart > 1e-5)
row = model.layers[0].get_weights()[0][0]
print("padding row all 0:", not row.any())

# %% Which it confuses
ConfusionMatrixDisplay.from_predictions(
    labels[test], predicted, display_labels=names, cmap="Greys"
)
plt.gcf().set_size_inches(6, 3.5)
plt.show()
