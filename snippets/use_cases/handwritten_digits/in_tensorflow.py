"""Read handwritten digits with a small convolutional network."""

# %% Setup
import keras
import matplotlib.pyplot as plt
from keras import layers
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(0)

# %% Three parts
digits = load_digits()
pixels = (digits.images / 16).astype("float32")
labels = digits.target
# The file goes writer by writer: each part has its own.
train, val = slice(0, 1029), slice(1029, 1287)
test = slice(1287, 1797)
images = pixels[..., None]
print("all images:", images.shape)
sizes = [len(labels[part]) for part in (train, val, test)]
print("train, validation, test:", sizes)

# %% Baseline
flat = pixels.reshape(1797, 64)
baseline = LogisticRegression(max_iter=1000)
baseline.fit(flat[train], labels[train])
baseline_accuracy = baseline.score(flat[test], labels[test])
print(f"logistic regression, test: {baseline_accuracy:.2f}")
mixed_train, mixed_test, train_labels, test_labels = (
    train_test_split(
        flat, labels, train_size=1029, test_size=510, random_state=0
    )
)
baseline.fit(mixed_train, train_labels)
mixed_accuracy = baseline.score(mixed_test, test_labels)
print(f"had the writers been mixed: {mixed_accuracy:.2f}")

# %% Network
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(16, 3, padding="same", activation="relu"),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.Adam(learning_rate=0.003)
print(model.count_params(), "parameters")

# %% One epoch
# compile tells fit and evaluate how; both loop by themselves.
model.compile(optimizer, loss_fn, metrics=["accuracy"])

# %% Train, keep the best epoch
keep_best = keras.callbacks.EarlyStopping(
    monitor="val_loss", patience=5, restore_best_weights=True
)
model.fit(
    images[train],
    labels[train],
    batch_size=50,
    epochs=40,
    validation_data=(images[val], labels[val]),
    callbacks=[keep_best],
    verbose=0,
)
_, best_accuracy = model.evaluate(
    images[val], labels[val], verbose=0
)
print(f"best epoch, validation: {best_accuracy:.2f}")

# %% Test once
_, accuracy = model.evaluate(images[test], labels[test], verbose=0)
print(f"logistic regression, test: {baseline_accuracy:.2f}")
print(f"network, test: {accuracy:.2f}")

# %% What it gets wrong
logits = model.predict(images[test], verbose=0)
predicted = logits.argmax(axis=1)
truth = labels[test]
wrong = (predicted != truth).nonzero()[0]
print(len(wrong), "of", len(truth), "wrong; the first eight:")
figure, axes = plt.subplots(1, 8, figsize=(6, 1.4))
for axis in axes:
    axis.axis("off")
for axis, i in zip(axes, wrong):
    image = pixels[test][i]
    axis.imshow(image, cmap="Greys", interpolation="nearest")
    axis.set_title(f"{truth[i]} as {predicted[i]}", fontsize=9)
plt.show()
