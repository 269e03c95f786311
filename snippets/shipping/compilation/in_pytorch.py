"""Compile functions, and count how often that happens.

Needs g++ on the PATH, for torch.compile on a CPU.
"""

# %% Setup
import torch

torch.manual_seed(0)
x = torch.randn(4, 8)


# %% A function of small operations
def score(x):
    return (2 * torch.tanh(x) + torch.sin(x)) * torch.sigmoid(x)


# %% Compile
compiled = torch.compile(score)  # generates C++ or Triton
same = torch.allclose(compiled(x), score(x), atol=1e-6)
print("agrees to 1e-6:", same)

# %% What the compiler gets
graphs = []


def record(graph_module, example_inputs):
    nodes = graph_module.graph.nodes
    graphs.append([n.target for n in nodes if "call" in n.op])
    return graph_module.forward  # run it as it is


torch.compile(score, backend=record)(x)
print(*(operation.__name__ for operation in graphs[0]))

# %% What is fused
# Inductor writes kernels that do several operations in one loop.
# TORCH_LOGS=output_code shows them: there is no public function.


# %% New shapes
def graphs_for(function, inputs, **options):
    torch.compiler.reset()
    graphs.clear()
    function = torch.compile(function, backend=record, **options)
    counts = []
    for each in inputs:
        function(*each)
        counts.append(len(graphs))
    return counts


batches = [(torch.ones(rows, 8),) for rows in (4, 4, 8, 16, 32)]
print("by default:", graphs_for(score, batches))
print("never dynamic:", graphs_for(score, batches, dynamic=False))
print("dynamic:", graphs_for(score, batches, dynamic=True))


# %% New Python numbers
def scale(x, factor):
    return x * factor


numbers = [(x, factor) for factor in (2.0, 3.0, 4.0)]
print("graphs:", graphs_for(scale, numbers))


# %% Python side effects
def announce(x):
    print("Python runs")
    return x * 2


print("graphs:", graphs_for(announce, [(x,), (x,), (x,)]))


# %% A branch on values
def branch(x):
    if x.sum() > 0:
        return x * 10
    return x / 10


signs = [(torch.ones(2),), (-torch.ones(2),)]
print("graphs:", graphs_for(branch, signs))
try:
    graphs_for(branch, signs, fullgraph=True)
except RuntimeError as error:
    print(str(error).splitlines()[0])


# %% A gradient that is not there
def root(x):
    return torch.where(x > 0, torch.sqrt(x), 0.0)


edge = torch.tensor([0.0, 4.0], requires_grad=True)
print(torch.autograd.grad(root(edge).sum(), edge)[0].numpy())
