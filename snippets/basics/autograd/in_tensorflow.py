"""Differentiate a small function, and walk down its slope."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


# %% The function
def f(p):
    x, y = p[0], p[1]
    return (1 - x) ** 2 + 2 * (y - x**2) ** 2


# %% A gradient
p = tf.Variable([-1.0, 2.0])  # watched; a tf.Tensor is not
with tf.GradientTape() as tape:
    value = f(p)
gradient = tape.gradient(value, p)
print(value.numpy(), gradient)

# %% Ask twice
with tf.GradientTape() as tape:
    value = f(p)
twice = tape.gradient(value, p)
# Nothing to clear: each tape starts empty.
print("second tape", twice)

# %% More than one output
with tf.GradientTape(persistent=True) as tape:
    running = tf.cumsum(p)
of_sum = tape.gradient(running, p)  # sums without being asked
jacobian = tape.jacobian(running, p)
print("of the sum", of_sum)
print(jacobian)

# %% Stop the gradient
with tf.GradientTape(persistent=True) as tape:
    square, product = p * p, p * tf.stop_gradient(p)
tracked = tape.gradient(square, p)
stopped = tape.gradient(product, p)
print("p times p         ", tracked)
print("p times a constant", stopped)

# %% Second derivatives
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        value = f(p)
    slope = inner.gradient(value, p)
hessian = outer.jacobian(slope, p)
print(hessian)


# %% A gradient of your own
@tf.custom_gradient
def binarize(x):
    def gradient(upstream):
        return upstream * tf.cast(tf.abs(x) <= 1, x.dtype)

    return tf.sign(x), gradient


z = tf.constant([-2.0, -0.5, 0.5, 2.0])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(z)
    signs, binary = tf.sign(z), binarize(z)
plain = tape.gradient(signs, z)
own = tape.gradient(binary, z)
print("sign    ", plain)
print("binarize", own)


# %% Walk downhill
def descend(start, steps=40, rate=0.05):
    p = tf.Variable(start)
    path = [p.numpy()]
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = f(p)
        p.assign_sub(rate * tape.gradient(value, p))
        path.append(p.numpy())
    return np.stack(path)


path = descend([-1.0, 2.0])
print(f"from {f(path[0]):.2f} down to {f(path[-1]):.3f}")

# %% Look at the path
grid = np.meshgrid(np.linspace(-2, 2, 80), np.linspace(-1, 3, 80))
plt.figure(figsize=(6, 3.5), layout="constrained")
plt.contour(*grid, f(grid), [0.1, 0.5, 2, 5, 10], colors="0.7")
plt.plot(path[:, 0], path[:, 1], "k.-")
plt.xlabel("x")
plt.ylabel("y")
plt.show()
