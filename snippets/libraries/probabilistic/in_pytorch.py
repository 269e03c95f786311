"""Sample a posterior and compare it with the exact one."""

# %% Setup
import matplotlib.pyplot as plt
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS
from sklearn.datasets import load_diabetes

torch.set_default_dtype(torch.float64)
pyro.set_rng_seed(0)

# %% Data
data, target = load_diabetes(return_X_y=True)
n = len(target)
x = torch.tensor(data[:, [2, 3]] * n**0.5)
y = torch.tensor((target - target.mean()) / target.std())
names = ["BMI", "blood pressure", "variance"]
print(n, "patients,", x.shape[1], "measurements each")


# %% Model
def model(x, y):
    variance = pyro.sample(
        "variance", dist.InverseGamma(concentration=2.0, rate=1.0)
    )
    sigma = variance.sqrt()
    slopes = pyro.sample(
        "slopes", dist.Normal(0.0, sigma).expand([2]).to_event(1)
    )
    with pyro.plate("patients", len(x)):
        pyro.sample("y", dist.Normal(x @ slopes, sigma), obs=y)


# %% Log joint density
def log_joint(variance, slopes):
    values = {"variance": variance, "slopes": slopes}
    fixed = pyro.condition(model, values)
    trace = pyro.poutine.trace(fixed).get_trace(x, y)
    return trace.log_prob_sum()


start = [
    torch.ones((), requires_grad=True),
    torch.zeros(2, requires_grad=True),
]
value = log_joint(*start)
gradient = torch.autograd.grad(value, start)
print(f"log joint {value:.1f}")
print(f"gradient for the variance {gradient[0]:.2f}")

# %% Sample with NUTS
kernel = NUTS(model)
mcmc = MCMC(kernel, 800, warmup_steps=200, disable_progbar=True)
mcmc.run(x, y)
samples = mcmc.get_samples()
variance, slopes = samples["variance"], samples["slopes"]
print("draws of the slopes", tuple(slopes.shape))

# %% Check the chains
found = mcmc.diagnostics()
r_hat = [*found["slopes"]["r_hat"], found["variance"]["r_hat"]]
divergent = found["divergences"]["chain 0"]
print("worst R-hat", f"{max(r_hat):.2f}")
print("divergent draws", len(divergent))

# %% The exact posterior
precision = x.T @ x + torch.eye(2)
mean = torch.linalg.solve(precision, x.T @ y)
a = 2 + n / 2
b = 1 + (y @ y - mean @ precision @ mean) / 2
scale = (b / a * torch.linalg.inv(precision).diag()).sqrt()
exact = [dist.StudentT(2 * a, *pair) for pair in zip(mean, scale)]
exact.append(dist.InverseGamma(a, b))

# %% Compare
draws = torch.column_stack([slopes, variance])
for name, sampled, law in zip(names, draws.T, exact):
    print(f"{name}: {sampled.mean():.2f}, sd {sampled.std():.3f}")
    print(f"  exact: {law.mean:.2f}, sd {law.stddev:.3f}")

# %% Picture
grid = torch.linspace(0.1, 0.8, 300)
plt.figure(figsize=(6, 3.5))
for name, sampled, law in zip(names, draws.T, exact):
    plt.hist(sampled, 15, density=True, alpha=0.5, label=name)
    plt.plot(grid, law.log_prob(grid).exp(), "k", linewidth=1)
plt.gca().set(xlabel="value", ylabel="density", ylim=(0, 14))
plt.xlim(0.1, 0.8)
plt.legend()
plt.show()
