"""Find a device, take a step there, and compute in bfloat16."""

# %% Setup
import re

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
x = rng.normal(size=(64, 4)).astype("float32")
y = x.argmax(axis=1)

# %% Devices
for kind in ("CPU", "GPU", "TPU"):
    print(kind, len(tf.config.list_physical_devices(kind)))

# %% Ask for a TPU
try:
    tf.distribute.cluster_resolver.TPUClusterResolver()
except ValueError as error:
    print(error)


# %% A model and a step
def build(dtype="float32"):
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(16, activation="relu", dtype=dtype),
            keras.layers.Dense(4, dtype=dtype),
        ]
    )


model = build()
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.SGD(0.1)
optimizer.build(model.trainable_variables)


def step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients)
    return loss


losses = [step(x, y).numpy() for _ in range(20)]
print("loss falls:", losses[-1] < losses[0])
place = tf.DeviceSpec.from_string(model.weights[0].value.device)
print("the weights are on:", place.device_type)

# %% The same step through XLA
start = model.get_weights()
eager = step(x, y)
model.set_weights(start)
compiled = tf.function(step, jit_compile=True)
print("same loss:", np.allclose(compiled(x, y), eager))

# %% What a compiler gets
predict = tf.function(model, jit_compile=True)
batch = tf.constant(x)
hlo = predict.experimental_get_compiler_ir(batch)(stage="hlo")
print(*re.findall(r" = \S+ ([a-z-]+)\(", hlo), sep="\n")

# %% Round to bfloat16
values = [1 / 3, 1 + 2**-8, 1 + 3 * 2**-8, 3e38, 3.4e38]
values = tf.constant(values)
rounded = tf.cast(tf.cast(values, tf.bfloat16), tf.float32)
for value, nearest in zip(values.numpy(), rounded.numpy()):
    print(f"{value:<10.6g} {nearest:.6g}")

# %% Add up in bfloat16
ones = tf.ones(4096, tf.bfloat16)
one_by_one = ones[0]
for one in tf.unstack(ones[1:]):
    one_by_one = one_by_one + one
print("one by one:", float(one_by_one))
print("sum:", float(tf.reduce_sum(ones)))
product = ones[tf.newaxis, :] @ ones[:, tf.newaxis]
print("matrix product:", product.numpy().item())

# %% Mixed precision
mixed_model = build(dtype="mixed_bfloat16")


def predict_mixed(x):
    mixed_model.set_weights(model.get_weights())
    return mixed_model(x)


exact, mixed = model(batch), predict_mixed(batch)
print("weights:", mixed_model.weights[0].dtype)
print("outputs:", mixed.dtype.name)
mixed = tf.cast(mixed, tf.float32)
error = np.abs(mixed - exact).max() / np.abs(exact).max()
print("error below 1 %:", error < 0.01)
