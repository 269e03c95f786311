"""Find a device, train there, and compute in bfloat16."""

# %% Setup
import re

import keras
import tensorflow as tf

keras.utils.set_random_seed(0)
inputs = tf.random.normal((64, 4))
targets = tf.argmax(inputs, axis=1)

# %% Devices
for kind in ("CPU", "GPU", "TPU"):
    print(kind, len(tf.config.list_physical_devices(kind)))

# %% Ask for a TPU
try:
    tf.distribute.cluster_resolver.TPUClusterResolver()
except ValueError as error:
    print(error)


# %% A model and a step
def build():
    return keras.Sequential([
        keras.Input((4,)),
        keras.layers.Dense(16, activation="relu", name="hidden"),
        keras.layers.Dense(4, name="out"),
    ])


model = build()
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.SGD(learning_rate=0.1)
optimizer.build(model.trainable_variables)


@tf.function
def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        loss = loss_fn(targets, model(inputs, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


for step in range(40):
    loss = train_step(inputs, targets)
    if step % 39 == 0:
        print(f"step {step}: loss {loss:.2f}")
place = tf.DeviceSpec.from_string(model.weights[0].value.device)
print("the weights are on:", place.device_type)

# %% The same step through XLA
compiled_step = tf.function(train_step, jit_compile=True)
loss = compiled_step(inputs, targets)
print(f"step 40: loss {loss:.2f}")

# %% What a compiler gets
predict = tf.function(model, jit_compile=True)
hlo = predict.experimental_get_compiler_ir(inputs)(stage="hlo")
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
keras.config.set_dtype_policy("mixed_bfloat16")
mixed_model = build()
keras.config.set_dtype_policy("float32")
mixed_optimizer = keras.optimizers.SGD(learning_rate=0.1)
mixed_optimizer.build(mixed_model.trainable_variables)


@tf.function
def mixed_step(inputs, targets):
    with tf.GradientTape() as tape:
        logits = mixed_model(inputs, training=True)
        loss = loss_fn(targets, logits)
    weights = mixed_model.trainable_variables
    mixed_optimizer.apply(tape.gradient(loss, weights), weights)
    return logits, loss


for step in range(40):
    logits, loss = mixed_step(inputs, targets)
print("logits: ", logits.dtype.name)
print("loss:   ", loss.dtype.name)
print("weights:", mixed_model.weights[0].dtype)
print(f"step {step}: loss {loss:.2f}")
