"""Tell from its words which library a sentence documents."""

# %% Setup
from importlib.metadata import files

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import GroupShuffleSplit
from sklearn.pipeline import make_pipeline

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.

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
encode = layers.TextVectorization(
    max_tokens=5000, output_sequence_length=40
)
encode.adapt(texts[train])  # 0 pads, 1 is unknown
print(encode(["Return the zorblax.", "Return."])[:, :3].numpy())

# %% Model
model = keras.Sequential([
    keras.Input((None,), dtype="int64"),
    layers.Embedding(5000, 32, mask_zero=True),
    layers.GlobalAveragePooling1D(),
    layers.Dense(3),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
model.compile(keras.optimizers.Adam(0.01), loss_fn)

# %% Train
x, y = encode(texts[train]).numpy(), labels[train]
model.fit(x, y, batch_size=64, epochs=2, verbose=0)

# %% On unseen files
codes = encode(texts[test]).numpy()
logits = model.predict(codes, verbose=0)
padded = np.pad(codes, ((0, 0), (0, 60)))
padded = model.predict(padded, verbose=0)
predicted = logits.argmax(axis=1)
accuracy = (predicted == labels[test]).mean()
print(f"network {accuracy:.2f}, logistic regression {strong:.2f}")
print("60 more zeros matter:", not np.allclose(logits, padded))

# %% Which it confuses
ConfusionMatrixDisplay.from_predictions(
    labels[test], predicted, display_labels=names, cmap="Greys"
)
plt.show()
