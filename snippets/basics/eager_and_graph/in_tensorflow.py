"""Run functions eagerly, trace them to graphs, look inside."""

# %% Setup
import tensorflow as tf

x = tf.constant([-1.0, 2.0, 3.0])


# %% Eager by default
def scaled(x, factor):
    positive = tf.nn.relu(x * factor)
    return tf.reduce_sum(positive)


value = scaled(x, 2.0)
print(value)
print("tracing:", not tf.executing_eagerly())

# %% Trace a graph
traced = tf.function(scaled)
from_graph = traced(x, 2.0)
print(from_graph)
graph = traced.get_concrete_function(x, 2.0).graph
print([op.type for op in graph.get_operations()])

# %% Trace again
for factor in (2.0, 3.0, 4.0):
    traced(x, factor)
traces_of_numbers = traced.experimental_get_tracing_count()
for factor in (2.0, 3.0, 4.0):
    traced(x, tf.constant(factor))
traces = traced.experimental_get_tracing_count()
traces_of_tensors = traces - traces_of_numbers
print("for three Python numbers:", traces_of_numbers)
print("for three tensors:", traces_of_tensors)


# %% Side effects
def announce(x):
    print("Python runs, tracing:", not tf.executing_eagerly())
    return x * 2


announced = tf.function(announce)
for _ in range(3):
    announced(x)
print("graphs:", announced.experimental_get_tracing_count())


# %% Branch on data
@tf.function
def branched(x):
    if tf.reduce_sum(x) > 0:
        y = x * 2
    else:
        y = -x
    return y + 1


print(branched(x).numpy(), branched(-x).numpy())
graph = branched.get_concrete_function(x).graph
print([op.type for op in graph.get_operations()])
branch_graphs = branched.experimental_get_tracing_count()
try:
    tf.function(branched.python_function, autograph=False)(x)
except tf.errors.OperatorNotAllowedInGraphError as error:
    print(str(error).partition(". ")[0])

# %% A branch within one graph
# Nothing to do: AutoGraph turned the `if` into StatelessIf.


# %% Loop on data
@tf.function
def looped(x):
    while tf.reduce_sum(x) < 100:
        x = x * 2
    return x


print(looped(x))
graph = looped.get_concrete_function(x).graph
print([op.type for op in graph.get_operations()])

# %% A loop within one graph
# Nothing to do: AutoGraph turned the `while` into StatelessWhile.

# %% Debug eagerly
tf.config.run_functions_eagerly(True)
for _ in range(3):
    announced(x)
tf.config.run_functions_eagerly(False)
