"""Build a network with one hidden layer; look at its weights."""

# %% Setup
import keras
import numpy as np

keras.utils.set_random_seed(0)


# %% The network
def create_simple_nn(input_size, hidden_size, output_size):
    return keras.Sequential([
        keras.Input((input_size,)),
        keras.layers.Dense(
            hidden_size, activation="relu", name="fc1"
        ),
        keras.layers.Dense(output_size, name="fc2"),
    ])


model = create_simple_nn(10, 20, 5)

# %% A batch through it
inputs = np.ones((8, 10), dtype="float32")
outputs = model(inputs)
print("in", inputs.shape, " out", tuple(outputs.shape))

# %% Its layers
model.summary(line_length=60)

# %% Its weights
for layer in model.layers:
    for weight in layer.weights:
        name = f"{layer.name}.{weight.name}"
        print(f"{name:11} {tuple(weight.shape)}")
print(model.count_params(), "parameters")

# %% The shorter way
short = keras.Sequential([
    keras.layers.Dense(20, activation="relu"),
    keras.layers.Dense(5),
])
short.build((None, 10))
fc1, fc2 = model.get_layer("fc1"), model.get_layer("fc2")
short.layers[0].set_weights(fc1.get_weights())
short.layers[1].set_weights(fc2.get_weights())
same = np.array_equal(short(inputs), model(inputs))
print("same output:", same)
print("names:", *[weight.path for weight in short.weights])

# %% Without the input size
deferred = keras.Sequential([
    keras.layers.Dense(20, activation="relu"),
    keras.layers.Dense(5),
])
print("before a batch:", deferred.weights)
deferred(inputs)
print("after a batch:", tuple(deferred.weights[0].shape))

# %% First weights
for layer in model.layers:
    kernel, bias = map(abs, layer.get_weights())
    print(f"largest weight {kernel.max():.3f}", end=", ")
    print(f"bias {bias.max():.3f}")


# %% The other's first weights
def like_pytorch(fan_in):
    bound = fan_in**-0.5
    uniform = keras.initializers.RandomUniform
    return {
        "kernel_initializer": uniform(-bound, bound),
        "bias_initializer": uniform(-bound, bound),
    }


other = keras.Sequential([
    keras.Input((10,)),
    keras.layers.Dense(20, "relu", **like_pytorch(10)),
    keras.layers.Dense(5, **like_pytorch(20)),
])
for layer in other.layers:
    kernel, bias = map(abs, layer.get_weights())
    print(f"largest weight {kernel.max():.3f}", end=", ")
    print(f"bias {bias.max():.3f}")
