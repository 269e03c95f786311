"""Train a small transformer to write English, letter by letter."""

# %% Setup
from pydoc_data.topics import topics

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
context = 32

# %% Text
paragraphs = "\n\n".join(topics.values()).split("\n\n")
prose = [p for p in paragraphs if p[:1].isupper() and p[-1] == "."]
prose = [" ".join(p.split()).lower() for p in prose]
text = "\n".join(dict.fromkeys(prose))  # each paragraph once
chars = sorted(set(text))
codes = np.array([chars.index(char) for char in text])
split = int(0.9 * len(codes))
train, test = codes[:split], codes[split:]
print(f"{len(text)} characters, {len(chars)} different ones")

# %% Windows
rng = np.random.default_rng(0)
starts = rng.integers(0, len(train) - context, 500 * 32)
windows = train[starts[:, None] + np.arange(context + 1)]
starts = np.arange(0, len(test) - context, context)
unseen = test[starts[:, None] + np.arange(context + 1)]
print(repr("".join(chars[code] for code in windows[0])))

# %% Baseline
counts = np.ones((len(chars), len(chars)))
np.add.at(counts, (train[:-1], train[1:]), 1)
bigram = counts / counts.sum(axis=1, keepdims=True)
baseline = -np.log2(bigram[unseen[:, :-1], unseen[:, 1:]]).mean()
print(f"bigrams {baseline:.2f} bits a character")


# %% Model
class Writer(keras.Model):
    def __init__(self):
        super().__init__()
        normal = keras.initializers.RandomNormal
        start = {"embeddings_initializer": normal(stddev=0.05)}
        self.token = layers.Embedding(len(chars), 64, **start)
        self.position = layers.Embedding(context, 64, **start)
        start = {"kernel_initializer": normal(stddev=0.05)}
        self.norm1 = layers.LayerNormalization(epsilon=1e-5)
        self.attention = layers.MultiHeadAttention(4, 16, **start)
        self.norm2 = layers.LayerNormalization(epsilon=1e-5)
        self.wide = layers.Dense(256, activation="relu", **start)
        self.narrow = layers.Dense(64, **start)
        self.norm = layers.LayerNormalization(epsilon=1e-5)
        self.head = layers.Dense(len(chars), **start)

    def call(self, codes):
        length = keras.ops.shape(codes)[1]
        x = self.token(codes)
        x = x + self.position(keras.ops.arange(length))
        y = self.norm1(x)
        x = x + self.attention(y, y, use_causal_mask=True)
        x = x + self.narrow(self.wide(self.norm2(x)))
        return self.head(self.norm(x))


model = Writer()
model(windows[:1, :-1])  # the first call makes the weights
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.AdamW(0.005, weight_decay=0.01)
print(model.count_params(), "weights")

# %% Train
model.compile(optimizer, loss_fn, steps_per_execution=100)
for part in np.split(windows, 5):
    x, y = part[:, :-1], part[:, 1:]
    done = model.fit(x, y, batch_size=32, shuffle=False, verbose=0)
    loss = done.history["loss"][0]
    print(f"loss {loss / np.log(2):.1f} bits a character")

# %% On unseen text
losses = keras.losses.sparse_categorical_crossentropy(
    unseen[:, 1:], model(unseen[:, :-1]), from_logits=True
)
held_out = losses.numpy() / np.log(2)
print(f"bigrams {baseline:.1f} bits a character")
bits = held_out.mean()
print(f"transformer {bits:.1f} bits a character")

# %% How context helps
plt.figure(figsize=(6, 3.5))
plt.plot(range(1, context + 1), held_out.mean(axis=0))
plt.axhline(baseline, color="black", linestyle="--")
plt.legend(["transformer", "bigrams"])
plt.gca().set(xlabel="characters seen", ylabel="bits a character")
plt.ylim(1.5, 4.5)
plt.show()


# %% Write
def generate(prompt, length, temperature):
    rng = np.random.default_rng(0)
    codes = [chars.index(char) for char in prompt]
    for _ in range(length):
        seen = np.array([codes[-context:]])
        logits = model(seen, training=False)[0, -1].numpy()
        # Gumbel noise makes argmax a draw from the softmax.
        noise = temperature * rng.gumbel(size=len(chars))
        codes.append(int((logits + noise).argmax()))
    return "".join(chars[code] for code in codes)


for temperature in (0, 0.7):
    print(f"{temperature:3}:", generate("the ", 50, temperature))
