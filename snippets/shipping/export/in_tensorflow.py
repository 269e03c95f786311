"""Export a model to a file and run it without its source."""

# %% Setup
import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)
x = np.random.normal(size=(6, 4)).astype("float32")


# %% Model
@keras.saving.register_keras_serializable()
class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = keras.layers.Dense(8, activation="relu")
        self.dropout = keras.layers.Dropout(0.5)
        self.out = keras.layers.Dense(3, activation="softmax")

    def call(self, x, training=False):
        print("Python runs Net")
        hidden = self.dropout(self.hidden(x), training=training)
        return self.out(hidden)


model = Net()
expected = model(x, training=False)

# %% Export
rows = keras.InputSpec(shape=(None, 4), dtype="float32")
model.export("net", verbose=False, input_signature=[rows])

# %% What the graph holds
saved = tf.saved_model.load("net")
graph = saved.serve.concrete_functions[0].graph
for operation in graph.get_operations():
    if operation.type not in ("Placeholder", "NoOp", "Identity"):
        print(operation.type)

# %% The signature
print(saved.serve.pretty_printed_concrete_signatures())

# %% Load without the source
del Net, model, saved
loaded = tf.saved_model.load("net")
same = np.allclose(loaded.serve(x), expected, atol=1e-6)
print("same outputs:", same)
layer = keras.layers.TFSMLayer("net", call_endpoint="serve")
print("as a layer: ", np.allclose(layer(x), expected, atol=1e-6))

# %% Other batch sizes
for size in (1, 100):
    print(size, "rows:", *loaded.serve(tf.zeros((size, 4))).shape)

# %% A wrong shape
try:
    loaded.serve(tf.zeros((6, 5)))
except TypeError as error:
    print(str(error).partition(". Received")[0])


# %% A branch on values
class Branch(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([2])])
    def __call__(self, x):
        if tf.reduce_sum(x) > 0:
            return x * 10
        return x / 10


tf.saved_model.save(Branch(), "branch")
branch = tf.saved_model.load("branch")
print(branch(tf.ones(2)).numpy())
print(branch(-tf.ones(2)).numpy())
