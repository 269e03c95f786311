"""One residual network in three ways, and what each can do."""

# %% Setup
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
x = np.linspace(-1, 1, 32, dtype="float32").reshape(4, 8)


# %% A chain
@keras.saving.register_keras_serializable()
class Residual(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(8, activation="relu")
        self.dropout = layers.Dropout(0.5)

    def call(self, x):
        return x + self.dropout(self.hidden(x))


chain = keras.Sequential([Residual(), layers.Dense(3)])

# %% A graph of calls
inputs = keras.Input((8,))
dense = layers.Dense(8, activation="relu", name="hidden")
hidden = layers.Dropout(0.5, name="dropout")(dense(inputs))
total = layers.Add(name="add")([inputs, hidden])
outputs = layers.Dense(3, name="out")(total)
graph = keras.Model(inputs, outputs)


# %% A class
@keras.saving.register_keras_serializable()
class Network(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(8, activation="relu")
        self.dropout = layers.Dropout(0.5)
        self.out = layers.Dense(3)

    def call(self, x):
        return self.out(x + self.dropout(self.hidden(x)))


network = Network()

# %% Dropout without being asked
print("same twice:", np.array_equal(network(x), network(x)))
a, b = network(x, training=True), network(x, training=True)
print("same twice with training=True:", np.array_equal(a, b))

# %% Same weights, same output
hidden_weights = network.hidden.get_weights()
out_weights = network.out.get_weights()
chain.build((None, 8))
chain.layers[0].hidden.set_weights(hidden_weights)
chain.layers[1].set_weights(out_weights)
graph.get_layer("hidden").set_weights(hidden_weights)
graph.get_layer("out").set_weights(out_weights)
print("chain:", np.array_equal(chain(x), network(x)))
print("graph:", np.array_equal(graph(x), network(x)))

# %% Look inside
print("class:", *[layer.name for layer in network.layers])
print("graph:", *[layer.name for layer in graph.layers])
first_half = keras.Model(inputs, dense.output)
print("cut after hidden:", first_half(x).shape)

# %% Save without the class
graph.save("graph.keras")
loaded = keras.saving.load_model("graph.keras")
print("graph:", np.array_equal(loaded(x), graph(x)))
network.save("network.keras")
loaded = keras.saving.load_model("network.keras")
print("class given:", np.array_equal(loaded(x), network(x)))
keras.saving.get_custom_objects().clear()  # a process without it
try:
    keras.saving.load_model("network.keras")
except TypeError as error:
    print("class:", str(error).partition(".")[0])


# %% Branch on the data
class Positive(keras.Model):
    def call(self, x):
        return x if keras.ops.sum(x) > 0 else -x


positive = Positive()
print("called:", positive(-np.ones(2)).numpy())
try:
    positive.predict(-np.ones(2), verbose=0)
except TypeError as error:
    print("predict:", type(error).__name__)


# %% A list of layers
class Stack(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.steps = [layers.Dense(8), layers.Dense(8)]

    def call(self, x):
        return self.steps[1](self.steps[0](x))


stack = Stack()
stack(x)
print(f"list: {len(stack.weights)} weights")
