"""Train a small network on handwritten digits, step by step."""

# %% Setup
import keras
import tensorflow as tf
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.

# %% Data
images, labels = load_digits(return_X_y=True)
x = (images / 16).astype("float32")
y = labels
train = tf.data.Dataset.from_tensor_slices((x[:1500], y[:1500]))
loader = train.shuffle(1500).batch(50)
print(len(train), "images in", len(loader), "batches")

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
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% The loop
for epoch in range(1, 6):
    total = 0.0
    for batch_x, batch_y in loader:
        loss = train_step(batch_x, batch_y)
        total += loss.numpy()
    print(f"epoch {epoch}  loss {total / len(loader):.3f}")

# %% On unseen data
logits = model(x[1500:], training=False)
predicted = logits.numpy().argmax(axis=1)
accuracy = (predicted == y[1500:]).mean()
print(f"accuracy on 297 unseen images: {accuracy:.2f}")

# %% The same with fit
fitted = keras.models.clone_model(model)
adam = keras.optimizers.Adam(learning_rate=0.005)
fitted.compile(adam, loss_fn, metrics=["accuracy"])
fitted.fit(x[:1500], y[:1500], batch_size=50, epochs=5, verbose=0)
_, accuracy = fitted.evaluate(x[1500:], y[1500:], verbose=0)
print(f"accuracy on 297 unseen images: {accuracy:.2f}")
