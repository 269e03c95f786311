"""Compile functions, and count how often that happens."""

# %% Setup
import tensorflow as tf

tf.random.set_seed(0)
x = tf.random.normal((4, 8))


# %% A function of small operations
def score(x):
    return (2 * tf.tanh(x) + tf.sin(x)) * tf.sigmoid(x)


# %% Compile
graph = tf.function(score)  # runs the same kernels, from a graph
compiled = tf.function(score, jit_compile=True)  # XLA: new kernels
for function in (graph, compiled):
    difference = tf.reduce_max(tf.abs(function(x) - score(x)))
    print("agrees to 1e-6:", bool(difference < 1e-6))

# %% What the compiler gets
operations = graph.get_concrete_function(x).graph.get_operations()
print(*(operation.type for operation in operations))

# %% What is fused
ir = compiled.experimental_get_compiler_ir(x)
kernels = ir(stage="optimized_hlo").count(" fusion(")
print("kernels on this device:", kernels)


# %% New shapes
def graphs_for(batches, **options):
    @tf.function(**options)
    def traced(x):
        return score(x)

    counts = []
    for batch in batches:
        traced(batch)
        counts.append(traced.experimental_get_tracing_count())
    return counts


tf.get_logger().setLevel("ERROR")  # it warns of what this shows
batches = [tf.ones((rows, 8)) for rows in (4, 4, 8, 16, 32)]
any_rows = [tf.TensorSpec([None, 8])]
print("by default:", graphs_for(batches))
print("relaxed:", graphs_for(batches, reduce_retracing=True))
print("declared:", graphs_for(batches, input_signature=any_rows))


# %% A gradient at the edge
def root(x):
    return tf.where(x > 0, tf.sqrt(x), 0.0)


def gradient(function):
    edge = tf.Variable([0.0, 4.0])
    with tf.GradientTape() as tape:
        y = function(edge)
    return tape.gradient(y, edge)


print("eager:   ", gradient(root).numpy())
print("graph:   ", gradient(tf.function(root)).numpy())
by_xla = tf.function(root, jit_compile=True)
print("XLA:     ", gradient(by_xla).numpy())
