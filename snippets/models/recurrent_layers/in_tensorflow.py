"""LSTM and GRU: steps, states, padding, directions, layers."""

# %% Setup
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
images = tf.cast(load_digits().images[:3], tf.float32) / 16
print("batch, steps, features:", images.shape)

# %% Every step or the last
lstm = layers.LSTM(5, return_sequences=True, return_state=True)
output, h, c = lstm(images)
print("output", output.shape, "h", h.shape)
last = h  # all that layers.LSTM(5) returns
print("as the last step:", np.array_equal(last, output[:, -1]))

# %% Carry the state
_, *state = lstm(images[:, :4])
rest, *_ = lstm(images[:, 4:], initial_state=state)
whole = output[:, 4:]
print("as in one go:", np.allclose(rest, whole, atol=1e-5))

# %% Padding
lengths = tf.constant([8, 3, 5])
mask = tf.sequence_mask(lengths, maxlen=8)
padded, h_masked, _ = lstm(images, mask=mask)
third = output[1, 2]  # the last of row 1
print("ends:", np.allclose(h_masked[1], third, atol=1e-5))
changes = np.diff(padded[1, 2:], axis=0)
print("repeated after it:", not changes.any())

# %% Two directions
both = layers.Bidirectional(
    layers.LSTM(5, return_sequences=True, return_state=True)
)
steps, h_forward, _, h_backward, _ = both(images)
summary = tf.concat([h_forward, h_backward], axis=-1)
print("steps", steps.shape)
print("summary", summary.shape)
print("as the last step:", np.array_equal(summary, steps[:, -1]))

# %% Several layers
stack = keras.Sequential([
    layers.LSTM(5, return_sequences=True),
    layers.Dropout(0.2),
    layers.LSTM(5),
])
top = stack(images, training=False)
print("top", top.shape)
print(stack.count_params(), "weights")

# %% GRU
gru = layers.GRU(5)
print("last", gru(images).shape)


# %% Port the weights
def from_pytorch(gates):
    shapes = (gates * 5, 8), (gates * 5, 5), gates * 5, gates * 5
    return [rng.normal(0, 0.5, shape) for shape in shapes]


def update_first(weight):
    reset, update, new = np.split(weight, 3)
    return np.concatenate([update, reset, new])


rng = np.random.default_rng(0)
w_ih, w_hh, b_ih, b_hh = from_pytorch(gates=4)
lstm.set_weights([w_ih.T, w_hh.T, b_ih + b_hh])
w_ih, w_hh, b_ih, b_hh = map(update_first, from_pytorch(gates=3))
gru.set_weights([w_ih.T, w_hh.T, np.stack([b_ih, b_hh])])
for layer in lstm, gru:
    print(*(tuple(weight.shape) for weight in layer.weights))
from_lstm, from_gru = lstm(images)[0], gru(images)
print("LSTM", from_lstm[0, -1].numpy().round(3))
print("GRU ", from_gru[0].numpy().round(3))
