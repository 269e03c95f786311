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
def graphs_for(batches, **options):
    torch.compiler.reset()
    graphs.clear()
    traced = torch.compile(score, backend=record, **options)
    counts = []
    for batch in batches:
        traced(batch)
        counts.append(len(graphs))
    return counts


batches = [torch.ones(rows, 8) for rows in (4, 4, 8, 16, 32)]
print("by default:", graphs_for(batches))
print("never dynamic:", graphs_for(batches, dynamic=False))
print("declared:", graphs_for(batches, dynamic=True))


# %% A gradient at the edge
def root(x):
    return torch.where(x > 0, torch.sqrt(x), 0.0)


def gradient(function):
    edge = torch.tensor([0.0, 4.0], requires_grad=True)
    return torch.autograd.grad(function(edge).sum(), edge)[0]


print("eager:   ", gradient(root))
print("compiled:", gradient(torch.compile(root)))
