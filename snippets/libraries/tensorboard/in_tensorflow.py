"""Log a training to TensorBoard, read it back and draw it."""

# %% Setup
import io

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorboard.backend.event_processing import event_accumulator

keras.utils.set_random_seed(0)

# %% Data and model
images, labels = load_digits(return_X_y=True)
x, y = (images / 16).astype("float32"), labels
x_val, y_val = x[1500:], y[1500:]
model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(32, activation="relu", name="hidden"),
    keras.layers.Dense(10, name="out"),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
model.compile(
    keras.optimizers.SGD(learning_rate=0.1, momentum=0.9), loss_fn
)


# %% Train and log
def fit(folder, epochs):
    # This writes folder/train and folder/validation.
    log = keras.callbacks.TensorBoard(
        folder, histogram_freq=1, update_freq="batch"
    )
    fitted = model.fit(
        x[:1500],
        y[:1500],
        batch_size=100,
        epochs=epochs,
        validation_data=(x_val, y_val),
        callbacks=[log],
        verbose=0,
    )
    return fitted.history


history = fit("runs/keras", epochs=6)

# %% Log images
logits = model.predict(x_val, verbose=0)
wrong = logits.argmax(axis=1) != y_val
mistakes = x_val[wrong][:8].reshape(-1, 8, 8, 1)
val_log = tf.summary.create_file_writer("runs/keras/validation")
with val_log.as_default():
    tf.summary.image("mistakes", mistakes, step=5, max_outputs=8)
val_log.close()


# %% Read the tags
def read(folder):
    keep = {"tensors": 0}  # 0: all
    return event_accumulator.EventAccumulator(folder, keep).Reload()


train_run = read("runs/keras/train")
val_run = read("runs/keras/validation")
for kind in "scalars", "histograms", "images", "tensors":
    print(kind)
    for tag in train_run.Tags()[kind]:
        print("  train:", tag)
    for tag in val_run.Tags()[kind]:
        print("  validation:", tag)


# %% Read the curves
def curve(run, tag):
    points = run.Tensors(tag)
    values = [tf.make_ndarray(p.tensor_proto) for p in points]
    return [p.step for p in points], values


plt.figure(figsize=(6, 3.2))
for run, key in (train_run, "loss"), (val_run, "val_loss"):
    steps, values = curve(run, "epoch_loss")
    print("steps", steps, key, np.round(values, 2))
    print("as written:", np.allclose(values, history[key]))
    plt.plot(steps, values, "o-", label=key)
steps, values = curve(train_run, "batch_loss")
plt.plot(np.divide(steps, 15) - 1, values, label="batch_loss")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.ylim(0, 2.6)
plt.legend()
plt.show()

# %% Read images and a histogram
_, events = curve(val_run, "mistakes")
width, height, *files = events[0]
pictures = [plt.imread(io.BytesIO(file)) for file in files]
print(len(pictures), "pictures:", pictures[0].shape)
tag = "sequential/hidden/kernel/histogram"
_, histograms = curve(train_run, tag)
starts, ends, counts = histograms[-1].T
print(len(counts), "buckets of", int(counts.sum()), "weights")
figure, (top, bottom) = plt.subplots(2, 1, figsize=(6, 3.5))
top.imshow(np.hstack(pictures), cmap="gray")
top.axis("off")
bottom.stairs(counts, [*starts, ends[-1]], label="as stored")
bottom.set(xlabel="weight", xlim=(-0.7, 0.7))
bottom.set(ylabel="count", yscale="log")
bottom.legend()
plt.show()
