"""Train on digits, validate each epoch, test once at the end."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn import metrics
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(0)

# %% Three parts
images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")
every = range(len(labels))
rest, test = train_test_split(every, test_size=297, random_state=0)
train, val = train_test_split(rest, test_size=300, random_state=0)
train_set = images[train], labels[train]
val_set = images[val], labels[val]
test_set = images[test], labels[test]
print(len(train), "train,", len(val), "val,", len(test), "test")

# %% Model
model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dropout(0.5),
    keras.layers.Dense(10),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)

# %% Two modes
inputs = images[val]
same = np.array_equal(model(inputs), model(inputs))
print(f"nothing said: two calls agree: {same}")
for training in (True, False):
    logits = [model(inputs, training=training) for _ in range(2)]
    same = np.array_equal(*logits)
    print(f"training={training}: two calls agree: {same}")

# %% Evaluate
model.compile(optimizer, loss_fn, metrics=["accuracy"])
loss, accuracy = model.evaluate(*val_set, verbose=0)
print(f"untrained: loss {loss:.2f}  accuracy {accuracy:.2f}")

# %% Train and validate
history = model.fit(
    *train_set,
    batch_size=50,
    epochs=15,
    validation_data=val_set,
    verbose=0,
).history
for name in ("loss", "val_loss"):
    losses = history[name]
    print(f"{name}: {losses[0]:.2f} falls to {losses[-1]:.2f}")

# %% Learning curve
plt.figure(figsize=(6, 3.5))
plt.plot(range(1, 16), history["loss"], "--", label="training")
plt.plot(range(1, 16), history["val_loss"], label="validation")
plt.gca().set(xlabel="epoch", ylabel="loss", ylim=(0, 2.2))
plt.legend()
plt.show()

# %% What the training loss says
loss, _ = model.evaluate(*train_set, verbose=0)
print(f"reported in the last epoch: {history['loss'][-1]:.3f}")
print(f"evaluated after it: {loss:.3f}")

# %% Test once
loss, accuracy = model.evaluate(*test_set, verbose=0)
print(f"test: loss {loss:.2f}  accuracy {accuracy:.2f}")

# %% Which digits it confuses
predicted = model.predict(images[test], verbose=0).argmax(axis=1)
metrics.ConfusionMatrixDisplay.from_predictions(
    labels[test], predicted, cmap="Greys", colorbar=False
)
plt.show()

# %% Precision and recall
print(metrics.classification_report(labels[test], predicted))
