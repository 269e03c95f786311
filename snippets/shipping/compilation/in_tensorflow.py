"""Compile functions, and count how often that happens."""

# %% Setup
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # do not warn of retracing
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
def graphs_for(function, inputs, **options):
    function = tf.function(function, **options)
    counts = []
    for each in inputs:
        function(*each)
        counts.append(function.experimental_get_tracing_count())
    return counts


batches = [(tf.ones((rows, 8)),) for rows in (4, 4, 8, 16, 32)]
relaxed = graphs_for(score, batches, reduce_retracing=True)
rows = [tf.TensorSpec([None, 8])]
declared = graphs_for(score, batches, input_signature=rows)
print("by default:", graphs_for(score, batches))
print("reduce_retracing:", relaxed)
print("input_signature:", declared)


# %% New Python numbers
def scale(x, factor):
    return x * factor


numbers = [(x, factor) for factor in (2.0, 3.0, 4.0)]
print("graphs:", graphs_for(scale, numbers))
numbers = [(x, tf.constant(factor)) for _, factor in numbers]
print("graphs, as tensors:", graphs_for(scale, numbers))


# %% Python side effects
def announce(x):
    print("Python runs")
    return x * 2


print("graphs:", graphs_for(announce, [(x,), (x,), (x,)]))


# %% A branch on values
def branch(x):
    if tf.reduce_sum(x) > 0:
        return x * 10
    return x / 10


signs = [(tf.ones(2),), (-tf.ones(2),)]
print("graphs:", graphs_for(branch, signs))
try:
    graphs_for(branch, signs, autograph=False)
except tf.errors.OperatorNotAllowedInGraphError as error:
    print(str(error).partition(". ")[0])


# %% A gradient that is not there
def gradient(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.where(x > 0, tf.sqrt(x), 0.0)
    return tape.gradient(y, x)


edge = tf.constant([0.0, 4.0])
print("eager:", gradient(edge).numpy())
print("graph:", tf.function(gradient)(edge).numpy())
compiled_gradient = tf.function(gradient, jit_compile=True)
print("XLA:  ", compiled_gradient(edge).numpy())
