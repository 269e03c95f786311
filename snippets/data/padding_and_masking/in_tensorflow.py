"""Sequences of unequal length: pad, mask and bucket them."""

# %% Setup
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
pixels = load_digits().data[:500]
sequences = tf.ragged.constant(
    [np.flatnonzero(p) + 1 for p in pixels]
)
lengths = sequences.row_lengths().numpy()
print("inked pixels:", lengths[:4].tolist())
print("shortest", min(lengths), "longest", max(lengths))

# %% Pad a batch
ids = sequences[:4].to_tensor()  # with 0
print(ids.numpy()[:, -9:])

# %% Make the mask
mask = ids != 0  # True: real
print("real", tf.math.count_nonzero(mask, axis=1).numpy().tolist())

# %% Mean over the real steps
table = np.random.default_rng(0).normal(size=(65, 8))
embedding = layers.Embedding(65, 8, mask_zero=True)
embedding.build()
embedding.set_weights([table])
x = embedding(ids)  # batch, steps, features; takes a mask along
mean = layers.GlobalAveragePooling1D()(x)  # finds it
alone = tf.reduce_mean(embedding(sequences[1]), axis=0)
print("as alone:", np.allclose(mean[1], alone, atol=1e-5))
every = tf.reduce_mean(x, axis=1)
print("of all steps:", np.allclose(every[1], alone))

# %% Mask the loss
targets = ids[:, 1:]  # which pixel comes next
weight = embedding.embeddings
logits = tf.matmul(x[:, :-1], weight, transpose_b=True)
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True, ignore_class=0
)
loss = loss_fn(targets, logits)
wrong = keras.losses.sparse_categorical_crossentropy(
    targets, logits, from_logits=True
)
wrong = tf.reduce_mean(wrong)
print(f"real steps {loss:.2f}, all steps {wrong:.2f}")


# %% Bucket by length
def padding(batches):
    zeros = [np.ravel(batch) == 0 for batch in batches]
    return np.concatenate(zeros).mean()


dataset = tf.data.Dataset.from_tensor_slices(sequences)
dataset = dataset.map(tf.identity)  # rows as plain tensors
dataset = dataset.shuffle(len(lengths))
mixed = dataset.padded_batch(32)
bucketed = dataset.bucket_by_sequence_length(
    element_length_func=tf.size,
    bucket_boundaries=[28, 32, 36],
    bucket_batch_sizes=[32, 32, 32, 32],
)
print(f"mixed: {padding(mixed):.1%} padding")
print(f"in buckets: {padding(bucketed):.1%} padding")
