"""Train a small network on handwritten digits, step by step."""

# %% Setup
import keras
import tensorflow as tf
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.

# %% Data
images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")
train_set = images[:1500], labels[:1500]
train_ds = tf.data.Dataset.from_tensor_slices(train_set)
train_ds = train_ds.shuffle(1500).batch(50)
train_ds = train_ds.prefetch(tf.data.AUTOTUNE)
print(len(train_set[0]), "images in", len(train_ds), "batches")

# %% Model
model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(10),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.Adam(learning_rate=0.005)


# %% One step
@tf.function
def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        loss = loss_fn(targets, model(inputs, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


# %% The loop
for epoch in range(1, 6):
    total = 0.0
    for inputs, targets in train_ds:
        loss = train_step(inputs, targets)
        total += loss.numpy()
    print(f"epoch {epoch}  loss {total / len(train_ds):.3f}")

# %% On unseen data
logits = model(images[1500:], training=False)
predicted = logits.numpy().argmax(axis=1)
accuracy = (predicted == labels[1500:]).mean()
print(f"accuracy on 297 unseen images: {accuracy:.2f}")

# %% The same with fit
fitted = keras.models.clone_model(model)
adam = keras.optimizers.Adam(learning_rate=0.005)
fitted.compile(adam, loss_fn, metrics=["accuracy"])
fitted.fit(*train_set, batch_size=50, epochs=5, verbose=0)
unseen = images[1500:], labels[1500:]
_, accuracy = fitted.evaluate(*unseen, verbose=0)
print(f"accuracy on 297 unseen images: {accuracy:.2f}")
