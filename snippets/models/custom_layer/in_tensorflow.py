"""Layers of your own, in a model that trains, saves, freezes."""

# %% Setup
import keras
import numpy as np
from keras import layers, ops
from sklearn.datasets import load_breast_cancer

keras.utils.set_random_seed(0)
x, y = load_breast_cancer(return_X_y=True)
x = x.astype("float32")
x_train, y_train = x[:400], y[:400]
x_test, y_test = x[400:], y[400:]


# %% A layer with weights
@keras.saving.register_keras_serializable()
class LowRankDense(layers.Layer):
    def __init__(self, units, rank, **kwargs):
        super().__init__(**kwargs)
        self.units, self.rank = units, rank

    def build(self, input_shape):
        self.down = self.add_weight(
            shape=(input_shape[-1], self.rank), name="down"
        )
        self.up = self.add_weight(
            shape=(self.rank, self.units), name="up"
        )
        self.bias = self.add_weight(
            shape=(self.units,), initializer="zeros", name="bias"
        )

    def call(self, x):
        return x @ self.down @ self.up + self.bias

    def get_config(self):
        config = {"units": self.units, "rank": self.rank}
        return {**super().get_config(), **config}


# %% A layer with state
@keras.saving.register_keras_serializable()
class Standardize(layers.Layer):
    def build(self, input_shape):
        state = {"shape": input_shape[-1:], "trainable": False}
        self.mean = self.add_weight(
            name="mean", initializer="zeros", **state
        )
        self.std = self.add_weight(
            name="std", initializer="ones", **state
        )

    def adapt(self, x):
        self.mean.assign(ops.mean(x, axis=0))
        self.std.assign(ops.std(x, axis=0))

    def call(self, x):
        return (x - self.mean) / self.std


# %% The size of the input
layer = LowRankDense(16, rank=2)
print("weights before the first input:", len(layer.weights))
layer(x)
for weight in layer.weights:
    print(weight.name, weight.shape)


# %% In a model
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)


def build_model():
    return keras.Sequential([
        keras.Input((30,)),
        Standardize(),
        LowRankDense(16, rank=2),
        layers.ReLU(),
        layers.Dense(2),
    ])


def train(model, epochs):
    model.compile(keras.optimizers.Adam(0.01), loss_fn)
    model.fit(
        x_train, y_train, batch_size=400, epochs=epochs, verbose=0
    )


model = build_model()
model.layers[0].adapt(x_train)
train(model, epochs=50)
logits = model.predict(x_test, verbose=0)
accuracy = np.mean(logits.argmax(axis=1) == y_test)
print(f"accuracy {accuracy:.2f}")

# %% Save and load
model.save("model.keras")
loaded = keras.saving.load_model("model.keras")
again = loaded.predict(x_test, verbose=0)
print("same:", np.array_equal(again, logits))
units, rank = loaded.layers[1].units, loaded.layers[1].rank
print("rebuilt with", units, "units of rank", rank)

# %% Freeze it
loaded.layers[1].trainable = False
for weight in loaded.layers[1].weights + loaded.layers[3].weights:
    print(weight.path, "trains" if weight.trainable else "frozen")
