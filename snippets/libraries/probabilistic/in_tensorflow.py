"""Sample a posterior and compare it with the exact one.

Needs the package tf-keras, which TFP imports.
"""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp
from sklearn.datasets import load_diabetes

tfb, tfd = tfp.bijectors, tfp.distributions

# %% Data
data, target = load_diabetes(return_X_y=True)
n = len(target)
x = data[:, [2, 3]] * n**0.5
y = (target - target.mean()) / target.std()
names = ["BMI", "blood pressure", "variance"]
print(n, "patients,", x.shape[1], "measurements each")


# %% Model
@tfd.JointDistributionCoroutineAutoBatched
def model():
    variance = yield tfd.InverseGamma(
        concentration=np.float64(2), scale=1, name="variance"
    )
    sigma = tf.sqrt(variance)
    slopes = yield tfd.Sample(
        tfd.Normal(0, sigma), sample_shape=2, name="slopes"
    )
    mean = tf.linalg.matvec(x, slopes)
    yield tfd.Normal(mean, sigma, name="y")


# %% Log joint density
log_joint = model.experimental_pin(y=y).unnormalized_log_prob

start = [tf.ones([], tf.float64), tf.zeros(2, tf.float64)]
value, gradient = tfp.math.value_and_gradient(log_joint, start)
print(f"log joint {value:.1f}")
print(f"gradient for the variance {gradient[0]:.2f}")

# %% Sample with NUTS
kernel = tfp.mcmc.NoUTurnSampler(log_joint, np.float64(0.1))
bijectors = [tfb.Exp(), tfb.Identity()]
kernel = tfp.mcmc.TransformedTransitionKernel(kernel, bijectors)
kernel = tfp.mcmc.DualAveragingStepSizeAdaptation(kernel, 160)


@tf.function
def sample(start):
    return tfp.mcmc.sample_chain(
        800,
        start,
        kernel=kernel,
        num_burnin_steps=200,
        trace_fn=lambda _, made: made.inner_results.inner_results,
        seed=[0, 0],
    )


starts = [tf.stack([value] * 4) for value in start]
(variance, slopes), made = sample(starts)
print("draws of the slopes", slopes.shape)

# %% Check the chains
chains = tf.concat([slopes, variance[..., None]], axis=-1)
r_hat = tfp.mcmc.potential_scale_reduction(
    chains, split_chains=True
)
divergent = tf.where(made.has_divergence)
print("worst R-hat", f"{max(r_hat):.2f}")
print("divergent draws", len(divergent))

# %% The exact posterior
precision = x.T @ x + np.eye(2)
mean = np.linalg.solve(precision, x.T @ y)
a = 2 + n / 2
b = 1 + (y @ y - mean @ precision @ mean) / 2
scale = np.sqrt(b / a * np.linalg.inv(precision).diagonal())
exact = [tfd.StudentT(2 * a, *pair) for pair in zip(mean, scale)]
exact.append(tfd.InverseGamma(a, b))

# %% Compare
draws = np.reshape(chains, (-1, 3))
for name, sampled, law in zip(names, draws.T, exact):
    print(f"{name}: {sampled.mean():.2f}, sd {sampled.std():.3f}")
    print(f"  exact: {law.mean():.2f}, sd {law.stddev():.3f}")

# %% Picture
grid = np.linspace(0.1, 0.8, 300)
plt.figure(figsize=(6, 3.5))
for name, sampled, law in zip(names, draws.T, exact):
    plt.hist(sampled, 15, density=True, alpha=0.5, label=name)
    plt.plot(grid, law.prob(grid), "k", linewidth=1)
plt.gca().set(xlabel="value", ylabel="density", ylim=(0, 14))
plt.xlim(0.1, 0.8)
plt.legend()
plt.show()
