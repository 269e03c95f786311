"""Run functions eagerly, trace them to graphs, look inside."""

# %% Setup
import torch

x = torch.tensor([-1.0, 2.0, 3.0])


# %% Eager by default
def scaled(x, factor):
    positive = torch.relu(x * factor)
    return positive.sum()


value = scaled(x, 2.0)
print(value)
print("tracing:", torch.compiler.is_compiling())

# %% Trace a graph
graphs = []


def keep(graph, inputs):  # a backend that runs the graph as it is
    graphs.append(graph)
    return graph.forward


traced = torch.compile(scaled, backend=keep)
from_graph = traced(x, 2.0)
print(from_graph)
print([node.name for node in graphs[0].graph.nodes])

# %% Trace again
for factor in (2.0, 3.0, 4.0):
    traced(x, factor)
traces_of_numbers = len(graphs)
for factor in (2.0, 3.0, 4.0):
    traced(x, torch.tensor(factor))
traces_of_tensors = len(graphs) - traces_of_numbers
print("for three Python numbers:", traces_of_numbers)
print("for three tensors:", traces_of_tensors)


# %% Side effects
def announce(x):
    print("Python runs, tracing:", torch.compiler.is_compiling())
    return x * 2


graphs.clear()
announced = torch.compile(announce, backend=keep)
for _ in range(3):
    announced(x)
print("graphs:", len(graphs))


# %% Branch on data
def branch(x):
    if x.sum() > 0:
        y = x * 2
    else:
        y = -x
    return y + 1


graphs.clear()
branched = torch.compile(branch, backend=keep)
print(branched(x), branched(-x))
for graph in graphs:
    print([node.name for node in graph.graph.nodes])
branch_graphs = len(graphs)
try:
    torch.compiler.reset()  # else the pieces above are used
    torch.compile(branch, backend=keep, fullgraph=True)(x)
except RuntimeError as error:
    print(str(error).splitlines()[0])

# %% A branch within one graph
graphs.clear()


@torch.compile(backend=keep, fullgraph=True)
def branched_in_graph(x):
    y = torch.cond(
        x.sum() > 0, lambda x: x * 2, lambda x: -x, (x,)
    )
    return y + 1


print(branched_in_graph(x), branched_in_graph(-x))
print([node.name for node in graphs[0].graph.nodes])


# %% Loop on data
def loop(x):
    while x.sum() < 100:
        x = x * 2
    return x


graphs.clear()
looped = torch.compile(loop, backend=keep)
print(looped(x))
for graph in graphs:
    print([node.name for node in graph.graph.nodes])

# %% A loop within one graph
graphs.clear()


@torch.compile(backend=keep, fullgraph=True)
def looped_in_graph(x):
    (x,) = torch.while_loop(
        lambda x: x.sum() < 100, lambda x: (x * 2,), (x,)
    )
    return x


print(looped_in_graph(x))
print([node.name for node in graphs[0].graph.nodes])

# %% Debug eagerly
with torch.compiler.set_stance("force_eager"):
    for _ in range(3):
        announced(x)
