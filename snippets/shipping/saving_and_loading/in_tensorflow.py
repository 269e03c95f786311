"""Save a model and its training, load both, resume exactly."""

# %% Setup
import zipfile

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)
inputs = np.random.normal(size=(64, 4)).astype("float32")
targets = inputs[:, :1] * inputs[:, 1:2]


# %% Model and training
def build_model(width=16):
    return keras.Sequential([
        keras.Input((4,)),
        keras.layers.Dense(width, activation="tanh"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(1),
    ])


def build_optimizer():
    schedule = keras.optimizers.schedules.ExponentialDecay(
        0.1, decay_steps=2, decay_rate=0.5, staircase=True
    )
    return keras.optimizers.SGD(schedule, momentum=0.9)


def train(epochs):
    history = model.fit(
        inputs,
        targets,
        batch_size=64,
        epochs=epochs,
        shuffle=False,
        verbose=0,
    )
    return history.history["loss"]


model = build_model()
model.compile(build_optimizer(), "mse")
print("losses", *(f"{loss:.3f}" for loss in train(epochs=3)))


# %% Weights alone
def predict(model):
    return model.predict(inputs, verbose=0)


model.save_weights("model.weights.h5")

fresh = build_model()
fresh.load_weights("model.weights.h5")
same = np.array_equal(predict(fresh), predict(model))
print("same outputs:", same)

# %% What the file of weights holds
keras.saving.KerasFileEditor("model.weights.h5").summary()

# %% The whole training
model.save("model.keras")
dropout_state = model.layers[1].seed_generator.state
np.save("dropout_state.npy", dropout_state)  # the file lacks it
print(*zipfile.ZipFile("model.keras").namelist())

# %% Resume
uninterrupted = train(epochs=3)

model = keras.saving.load_model("model.keras")
dropout_state = model.layers[1].seed_generator.state
dropout_state.assign(np.load("dropout_state.npy"))
resumed = train(epochs=3)
print("resumed equals uninterrupted:", resumed == uninterrupted)

# %% Keep the last checkpoints of a loop
epoch = tf.Variable(6)
checkpoint = tf.train.Checkpoint(
    model=model, dropout=dropout_state.value, epoch=epoch
)
manager = tf.train.CheckpointManager(
    checkpoint, directory="run", max_to_keep=2
)
for _ in range(4):
    train(epochs=1)
    epoch.assign_add(1)
    manager.save()
print("kept", *manager.checkpoints)
following = train(epochs=1)
checkpoint.restore(manager.latest_checkpoint).assert_consumed()
print("restored epoch", epoch.numpy())
print("same next epoch:", train(epochs=1) == following)

# %% Another architecture
try:
    build_model(width=8).load_weights("model.weights.h5")
except ValueError as error:
    print(str(error).partition(" Example")[0])
shallow = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(16),
])
shallow.load_weights("model.weights.h5")
kernel, first = shallow.get_weights()[0], fresh.get_weights()[0]
print("fewer layers, same first:", np.array_equal(kernel, first))

# %% A file that could run code
double = keras.layers.Lambda(lambda x: 2 * x)
keras.Sequential([model, double]).save("lambda.keras")
try:
    keras.saving.load_model("lambda.keras")
except ValueError as error:
    print(str(error).partition(".")[0])
trusted = keras.saving.load_model("lambda.keras", safe_mode=False)
same = np.array_equal(predict(trusted), 2 * predict(model))
print("same outputs:", same)
