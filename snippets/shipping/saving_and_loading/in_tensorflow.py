"""Save a model and its training, load both, resume exactly."""

# %% Setup
import zipfile

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)
x = np.random.normal(size=(64, 4)).astype("float32")
y = x[:, :1] * x[:, 1:2]


# %% Model and training
def build(width=16):
    return keras.Sequential([
        keras.Input((4,)),
        keras.layers.Dense(width, activation="tanh"),
        keras.layers.Dense(1),
    ])


def new_optimizer():
    return keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)


def train(model, epochs):
    fitted = model.fit(
        x, y, batch_size=64, epochs=epochs, shuffle=False, verbose=0
    )
    return fitted.history["loss"]


model = build()
model.compile(new_optimizer(), "mse")
losses = train(model, epochs=3)
print("losses", *(f"{loss:.3f}" for loss in losses))

# %% Weights alone
model.save_weights("model.weights.h5")

fresh = build()
fresh.load_weights("model.weights.h5")
print("same outputs:", np.array_equal(fresh(x), model(x)))

# %% What the file of weights holds
keras.saving.KerasFileEditor("model.weights.h5").summary()

# %% The whole training
model.save("model.keras")
print(*zipfile.ZipFile("model.keras").namelist())

# %% Resume
uninterrupted = train(model, epochs=3)

model = keras.saving.load_model("model.keras")
resumed = train(model, epochs=3)
print("resumed equals uninterrupted:", resumed == uninterrupted)

# %% Keep the last checkpoints of a loop
epoch = tf.Variable(0)
checkpoint = tf.train.Checkpoint(
    model=model, optimizer=model.optimizer, epoch=epoch
)
manager = tf.train.CheckpointManager(
    checkpoint, directory="run", max_to_keep=2
)
for _ in range(4):
    epoch.assign_add(1)
    manager.save()
print(len(manager.checkpoints), "kept of", epoch.numpy())
epoch.assign(0)
checkpoint.restore(manager.latest_checkpoint).assert_consumed()
print("restored epoch", epoch.numpy())

# %% Another architecture
try:
    build(width=8).load_weights("model.weights.h5")
except ValueError as error:
    print(str(error).partition(" Example")[0])
first = keras.layers.Dense(16)
shallow = keras.Sequential([keras.Input((4,)), first])
shallow.load_weights("model.weights.h5")
print("a model with fewer layers: no error")

# %% A file that could run code
double = keras.layers.Lambda(lambda x: 2 * x)
keras.Sequential([model, double]).save("lambda.keras")
try:
    keras.saving.load_model("lambda.keras")
except ValueError as error:
    print(str(error).partition(".")[0])
trusted = keras.saving.load_model("lambda.keras", safe_mode=False)
print("same outputs:", np.array_equal(trusted(x), 2 * model(x)))
