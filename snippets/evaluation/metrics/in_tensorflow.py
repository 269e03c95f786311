"""Measure a classifier over batches: accuracy, F1, top-k, AUC."""

# %% Setup
import keras
import tensorflow as tf
from keras import ops
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

# %% Logits in batches
images, labels = load_digits(return_X_y=True)
model = LogisticRegression(max_iter=1000)
model.fit(images[:100] / 16, labels[:100])
labels = labels[100:]
logits = model.decision_function(images[100:] / 16)
logits = logits.astype("float32")
test_set = tf.data.Dataset.from_tensor_slices((logits, labels))
test_ds = test_set.batch(32)
print(len(labels), "digits in", len(test_ds), "batches")


# %% The mean of batches
def macro_f1_of(targets, outputs):
    targets = ops.one_hot(targets, 10)
    predicted = ops.one_hot(ops.argmax(outputs, axis=1), 10)
    hits = ops.sum(targets * predicted, axis=0)
    both = ops.sum(targets, axis=0) + ops.sum(predicted, axis=0)
    return ops.mean(2 * hits / ops.maximum(both, 1))


# What compile(metrics=[macro_f1_of]) makes of a function:
f1_of_batches = keras.metrics.MeanMetricWrapper(macro_f1_of)
for outputs, targets in test_ds:
    f1_of_batches.update_state(targets, outputs)
print(f"macro F1, mean of batches: {f1_of_batches.result():.3f}")

# %% Update, then compute
accuracy = keras.metrics.SparseCategoricalAccuracy()
macro_f1 = keras.metrics.F1Score(average="macro")
for outputs, targets in test_ds:
    accuracy.update_state(targets, outputs)
    macro_f1.update_state(ops.one_hot(targets, 10), outputs)
print(
    f"accuracy {accuracy.result():.3f}",
    f" macro F1 {macro_f1.result():.3f}",
)

# %% Macro and micro
per_class = keras.metrics.F1Score(average=None)
micro_f1 = keras.metrics.F1Score(average="micro")
for outputs, targets in test_ds:
    per_class.update_state(ops.one_hot(targets, 10), outputs)
    micro_f1.update_state(ops.one_hot(targets, 10), outputs)
scores = per_class.result().numpy()
worst = scores.argmin()
print(f"lowest F1: {scores[worst]:.3f}, of the {worst}")
print(f"macro {scores.mean():.3f}  micro {micro_f1.result():.3f}")

# %% Top k
top_3 = keras.metrics.SparseTopKCategoricalAccuracy(k=3)
for outputs, targets in test_ds:
    top_3.update_state(targets, outputs)
print(f"among the three best: {top_3.result():.3f}")

# %% AUC over all
auc = keras.metrics.AUC(num_thresholds=1000)
for outputs, targets in test_ds:
    scores = ops.softmax(outputs)[:, 8]
    auc.update_state(targets == 8, scores)
print(f"AUC of the eights: {auc.result():.3f}")


# %% A metric of your own
@keras.saving.register_keras_serializable("digits")
class BalancedAccuracy(keras.metrics.Metric):
    """The mean of the classes' recalls."""

    def __init__(self, classes, name="balanced", **kwargs):
        super().__init__(name=name, **kwargs)
        self.classes = classes
        self.counts = self.add_variable(
            (classes, classes), "zeros", name="counts"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        predicted = ops.argmax(y_pred, axis=1)
        self.counts.assign_add(tf.math.confusion_matrix(
            y_true, predicted, self.classes, sample_weight,
            self.dtype,
        ))

    def result(self):
        hits = ops.diagonal(self.counts)
        support = ops.sum(self.counts, axis=1)
        return ops.nanmean(hits / support)  # 0/0: absent class

    def get_config(self):
        return {**super().get_config(), "classes": self.classes}


balanced = BalancedAccuracy(10)
for outputs, targets in test_ds:
    balanced.update_state(targets, outputs)
balanced_accuracy = balanced.result()
balanced.reset_state()
print(f"balanced accuracy {balanced_accuracy:.3f}")
