"""Differentiate a small function, and walk down its slope."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch


# %% The function
def f(p):
    x, y = p[0], p[1]
    return (1 - x) ** 2 + 2 * (y - x**2) ** 2


# %% A gradient
p = torch.tensor([-1.0, 2.0], requires_grad=True)
value = f(p)
value.backward()
gradient = p.grad.clone()
print(value.item(), gradient)

# %% Ask twice
f(p).backward()
twice = p.grad.clone()
p.grad = None
f(p).backward()
cleared = p.grad.clone()
print("not cleared", twice)
print("cleared    ", cleared)

# %% More than one output
running = p.cumsum(0)  # running.backward() is an error
(of_sum,) = torch.autograd.grad(running.sum(), p)
jacobian = torch.func.jacrev(lambda p: p.cumsum(0))(p.detach())
print("of the sum", of_sum)
print(jacobian)

# %% Stop the gradient
(tracked,) = torch.autograd.grad((p * p).sum(), p)
(stopped,) = torch.autograd.grad((p * p.detach()).sum(), p)
print("p times p         ", tracked)
print("p times a constant", stopped)

# %% Second derivatives
slope = torch.autograd.grad(f(p), p, create_graph=True)[0]
(of_slope_x,) = torch.autograd.grad(slope[0], p)
hessian = torch.func.hessian(f)(p.detach())
print("first row", of_slope_x)
print(hessian)


# %% A gradient of your own
class Binarize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sign(x)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x.abs() <= 1)


z = torch.tensor([-2.0, -0.5, 0.5, 2.0], requires_grad=True)
(plain,) = torch.autograd.grad(torch.sign(z).sum(), z)
(own,) = torch.autograd.grad(Binarize.apply(z).sum(), z)
print("sign    ", plain)
print("binarize", own)


# %% Walk downhill
def descend(start, steps=40, rate=0.05):
    p = torch.tensor(start, requires_grad=True)
    path = [p.detach().clone()]
    for _ in range(steps):
        (slope,) = torch.autograd.grad(f(p), p)
        with torch.no_grad():
            p -= rate * slope
        path.append(p.detach().clone())
    return torch.stack(path)


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
