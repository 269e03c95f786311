"""Train in mixed precision: bfloat16, and float16 with scaling."""

# %% Setup
import keras
import numpy as np
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")
train_set = images[:1280], labels[:1280]
val_images, val_labels = images[1280:], labels[1280:]
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)


def build(policy, optimizer):
    model = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(128, activation="relu", dtype=policy),
        keras.layers.Dense(10, dtype=policy),
        # The loss is to be computed in float32.
        keras.layers.Activation("linear", dtype="float32"),
    ])
    model.compile(optimizer, loss_fn)
    return model


# %% Train in bfloat16
optimizer = keras.optimizers.SGD(0.3)
model = build("mixed_bfloat16", optimizer)


def fit(epochs):
    history = model.fit(
        *train_set, batch_size=64, epochs=epochs, verbose=0
    ).history
    for epoch, loss in enumerate(history["loss"], start=1):
        print(f"epoch {epoch}  mean loss {loss:.1f}")


fit(epochs=3)

# %% What is kept in float32
hidden, output, logits_layer = model.layers
logits = model(val_images, training=False)
loss = loss_fn(val_labels, logits)
print("hidden: ", hidden.compute_dtype)
print("logits: ", logits.dtype)
print("loss:   ", loss.dtype)
print("weights:", hidden.kernel.dtype)
accuracy = (np.argmax(logits, axis=1) == val_labels).mean()
print(f"accuracy {accuracy:.2f}")

# %% Train in float16, the loss scaled
clipped = keras.optimizers.SGD(0.3, global_clipnorm=1.0)
scaled = keras.optimizers.LossScaleOptimizer(clipped)
model = build("mixed_float16", scaled)
fit(epochs=3)
print("scale:", float(scaled.dynamic_scale))

# %% A step that overflows
before = model.get_weights()[0]
model.train_on_batch(1e6 * val_images[:64], val_labels[:64])
print("moved:", not np.array_equal(model.get_weights()[0], before))
print("scale:", float(scaled.dynamic_scale))
