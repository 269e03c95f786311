"""Tell from its words which author wrote a sentence."""

# %% Setup
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.pipeline import make_pipeline

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.

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
    rows = [row[:40] or [1] for row in rows]
    return keras.utils.pad_sequences(rows, padding="post")


print(encode(["Call me Ishmael!", "?"]).tolist())

# %% Model
model = keras.Sequential([
    keras.Input((None,), dtype="int32"),
    layers.Embedding(len(vocabulary), 32, mask_zero=True),
    layers.GlobalAveragePooling1D(),
    layers.Dense(len(names)),
])
optimizer = keras.optimizers.Adam(learning_rate=0.01)
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
model.compile(optimizer, loss_fn)

# %% Train
train_ds = tf.data.Dataset.from_tensor_slices(
    (encode(train_texts), train_labels)
)
train_ds = train_ds.shuffle(len(train)).batch(64)
train_ds = train_ds.prefetch(tf.data.AUTOTUNE)
history = model.fit(train_ds, epochs=6, shuffle=False, verbose=0)
for epoch, loss in enumerate(history.history["loss"], 1):
    print(f"epoch {epoch}  loss {loss:.2f}")

# %% On the rest of the books
logits = model.predict(encode(test_texts), verbose=0)
predicted = logits.argmax(axis=1)
accuracy = (predicted == test_labels).mean()
print(f"network {accuracy:.2f}, logistic regression {strong:.2f}")

# %% Which it confuses
ConfusionMatrixDisplay.from_predictions(
    test_labels, predicted, display_labels=names, cmap="Greys"
)
plt.show()
