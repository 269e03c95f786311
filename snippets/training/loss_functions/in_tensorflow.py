"""A loss for each task: what goes in, what comes out."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import tensorflow as tf
from keras import losses

# %% Two classes
logits = tf.constant([[2.0], [-1.0], [0.5], [-3.0]])  # 4 samples
targets = tf.constant([[1.0], [0.0], [0.0], [1.0]])
bce = losses.BinaryCrossentropy(from_logits=True)
print(f"binary cross-entropy {bce(targets, logits):.3f}")

# %% Many classes
scores = tf.constant([[2.0, 0.5, 0], [0, 1, 3], [1, 1, 1]])
labels = tf.constant([0, 1, 2])
cross_entropy = losses.SparseCategoricalCrossentropy(
    from_logits=True
)
print(f"cross-entropy {cross_entropy(labels, scores):.3f}")
twice = cross_entropy(labels, tf.nn.softmax(scores))
print(f"softmax twice {twice:.3f}")

# %% Several labels at once
tag_scores = tf.constant([[2.0, -1, 0.5], [-2, 1.5, -1]])
tags = tf.constant([[1.0, 0, 1], [0, 0, 1]])
rare = tf.constant([1.0, 1.0, 5.0])  # a missed tag 2 costs more
weighted = tf.nn.weighted_cross_entropy_with_logits(
    tags, tag_scores, pos_weight=rare
)
print(f"each tag alike {bce(tags, tag_scores):.3f}")
print(f"rare tag times 5 {tf.reduce_mean(weighted):.3f}")

# %% Ignore and smooth
padded = tf.constant([0, 1, -100])  # the last is padding
ignoring = losses.SparseCategoricalCrossentropy(
    from_logits=True, ignore_class=-100
)
one_hot = tf.one_hot(labels, 3)
smooth = losses.CategoricalCrossentropy(
    from_logits=True, label_smoothing=0.1
)
print(f"without padding {ignoring(padded, scores):.3f}")
print(f"smoothed {smooth(one_hot, scores):.3f}")

# %% Weight classes
class_weights = tf.constant([1.0, 2.0, 10.0])
weights = tf.gather(class_weights, labels)
weighted_mean = losses.SparseCategoricalCrossentropy(
    from_logits=True, reduction="mean_with_sample_weight"
)
loss = weighted_mean(labels, scores, sample_weight=weights)
per_sample = cross_entropy(labels, scores, sample_weight=weights)
print(f"by sum of weights {loss:.3f}")
print(f"by number of samples {per_sample:.3f}")

# %% Regression
errors = tf.linspace(-3.0, 3.0, 61)
curves = {
    "squared": losses.MeanSquaredError(reduction=None),
    "absolute": losses.MeanAbsoluteError(reduction=None),
    "Huber": losses.Huber(delta=1.0, reduction=None),
}
plt.figure(figsize=(5, 3))
for name, loss_fn in curves.items():
    values = loss_fn(tf.zeros((61, 1)), errors[:, None])
    plt.plot(errors, values, label=name)
plt.gca().set(xlabel="prediction - target", ylim=(0, 5))
plt.legend()
plt.show()

# %% Reduce
predictions = tf.constant([[1.0, 2.0], [3.0, 9.0]])
truth = tf.constant([[1.0, 1.0], [3.0, 3.0]])
for reduction in None, "sum", "sum_over_batch_size":
    loss_fn = losses.MeanSquaredError(reduction=reduction)
    print(reduction, loss_fn(truth, predictions).numpy().tolist())


# %% A loss of your own
@keras.saving.register_keras_serializable()
def focal_loss(targets, logits, gamma=2.0):
    each = keras.ops.binary_crossentropy(
        targets, logits, from_logits=True
    )
    missed = 1 - keras.ops.exp(-each)  # 1 minus p of what happened
    return keras.ops.mean(missed**gamma * each, axis=-1)


loss = tf.reduce_mean(focal_loss(targets, logits))
print(f"focal loss {loss:.3f}")
