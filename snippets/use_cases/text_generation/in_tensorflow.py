"""Train a small transformer to write verse, letter by letter."""

# %% Setup
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.
context, width, heads, steps = 32, 64, 4, 500

# %% Text
text = Path("shakespeare.txt").read_text("utf-8")
chars = sorted(set(text))
index = {char: n for n, char in enumerate(chars)}
ids = np.array([index[char] for char in text])
end = int(0.9 * len(ids))  # the last tenth is held out
train_ids, test_ids = ids[:end], ids[end:]
print(f"{len(text)} characters, {len(chars)} different ones")

# %% Windows
rng = np.random.default_rng(0)
starts = rng.integers(0, end - context, (steps * 32, 1))
train_windows = train_ids[starts + np.arange(context + 1)]
starts = np.arange(0, len(test_ids) - context, context)[:, None]
test_windows = test_ids[starts + np.arange(context + 1)]
train_ds = tf.data.Dataset.from_tensor_slices(
    (train_windows[:, :-1], train_windows[:, 1:])
)
train_ds = train_ds.batch(32).prefetch(tf.data.AUTOTUNE)
print("".join(chars[n] for n in train_windows[0]))

# %% Baseline
counts = np.ones((len(chars), len(chars)))
np.add.at(counts, (train_ids[:-1], train_ids[1:]), 1)
bigrams = counts / counts.sum(axis=1, keepdims=True)
before, after = test_windows[:, :-1], test_windows[:, 1:]
baseline = -np.log2(bigrams[before, after]).mean()
print(f"bigrams {baseline:.2f} bits a character")


# %% Decoder block
@keras.saving.register_keras_serializable()
class Block(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = layers.LayerNormalization(epsilon=1e-5)
        self.attention = layers.MultiHeadAttention(
            heads, width // heads
        )
        self.norm2 = layers.LayerNormalization(epsilon=1e-5)
        self.wide = layers.Dense(4 * width, activation="gelu")
        self.narrow = layers.Dense(width)

    def call(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, use_causal_mask=True)
        return x + self.narrow(self.wide(self.norm2(x)))


# %% Model
@keras.saving.register_keras_serializable()
class Transformer(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.token = layers.Embedding(len(chars), width)
        self.position = layers.Embedding(context, width)
        self.block = Block()
        self.norm = layers.LayerNormalization(epsilon=1e-5)
        self.head = layers.Dense(len(chars))

    def call(self, ids):
        places = keras.ops.arange(keras.ops.shape(ids)[1])
        x = self.token(ids) + self.position(places)
        return self.head(self.norm(self.block(x)))


model = Transformer()
model(train_windows[:1, :-1])  # the first call makes the weights
print(model.count_params(), "weights")

# %% Optimizer
schedule = keras.optimizers.schedules.CosineDecay(
    initial_learning_rate=0.0005,
    warmup_target=0.005,
    warmup_steps=50,
    decay_steps=steps - 50,
)
optimizer = keras.optimizers.AdamW(
    schedule, weight_decay=0.01, global_clipnorm=1.0
)
optimizer.exclude_from_weight_decay(  # norms and biases
    var_names=["gamma", "beta", "bias"]
)

# %% Train
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
model.compile(optimizer, loss_fn, steps_per_execution=100)
history = model.fit(
    train_ds,
    epochs=5,
    steps_per_epoch=100,
    shuffle=False,
    verbose=0,
)
for loss in history.history["loss"]:
    print(f"{loss / np.log(2):.1f} bits a character")

# %% On held-out text
logits = model(test_windows[:, :-1], training=False)
losses = keras.losses.sparse_categorical_crossentropy(
    test_windows[:, 1:], logits, from_logits=True
)
losses = losses.numpy() / np.log(2)
bits = losses.mean()
print(f"bigrams {baseline:.1f}, transformer {bits:.1f} bits")

# %% How context helps
plt.figure(figsize=(6, 3.5))
plt.plot(range(1, context + 1), losses.mean(axis=0))
plt.axhline(baseline, color="black", linestyle="--")
plt.legend(["transformer", "bigrams"])
plt.gca().set(xlabel="characters read", ylabel="bits a character")
plt.show()


# %% Write
def generate(prompt, length, temperature):
    ids = tf.constant([[index[char] for char in prompt]])
    for _ in range(length):
        logits = model(ids[:, -context:], training=False)[:, -1]
        next_id = keras.random.categorical(logits / temperature, 1)
        ids = tf.concat([ids, next_id], axis=1)
    return "".join(chars[n] for n in ids[0].numpy())


for temperature in (0.5, 1.0):
    print(f"temperature {temperature}:")
    print(generate("ROMEO:\n", 80, temperature))
