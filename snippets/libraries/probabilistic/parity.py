"""Log density, gradient and exact posterior; the samples within Monte Carlo error."""

import math
import warnings

import numpy as np

DIFFERENT = {
    "positive number for 0 in unconstrained space, by default": "Pyro maps with exp; "
    "TFP's default bijector of InverseGamma is a softplus",
    "a negative standard deviation raises": "Pyro checks arguments by default; "
    "TFP does so with validate_args=True",
    "a model of the framework takes a layer of the library": "Pyro's layers are "
    "torch.nn modules; TFP's are layers of Keras 2, from tf-keras",
    "a float64 value in a float32 density raises": "PyTorch promotes; TFP refuses",
    "log joint of four settings in one call raises": "a Pyro model takes one setting a "
    "call; the TFP model treats leading dimensions as a batch",
    "numbers in a log joint that forgets to sum the patients": "Pyro's trace sums "
    "whatever is there; a plain JointDistributionCoroutine keeps one number a patient",
    "InverseGamma has a parameter called scale": "Pyro calls the same number rate",
    "effective sample size logs a warning": "TFP casts complex numbers to real ones",
    "two draws in a row, seeded as in the program, agree": "Pyro seeds a generator "
    "once; TFP's seed pair names the draw",
}

ERRORS = 4  # Monte Carlo standard errors that a sampled figure may be off


def inputs():
    return {
        "variances": np.array([0.5, 0.6, 1.3]),
        "slopes": np.array([[0.0, 0.0], [0.5, 0.25], [-1.0, 2.0]]),
    }


def evidence(program, variance, slopes, log_joint):
    """Log joint minus exact log posterior: the same at each setting, if exact."""
    a, b = float(program.a), float(program.b)
    precision, mean = np.asarray(program.precision), np.asarray(program.mean)
    off = slopes - mean
    log_slopes = -np.log(2 * np.pi * variance) - off @ precision @ off / variance / 2
    log_slopes += np.linalg.slogdet(precision)[1] / 2
    log_variance = a * np.log(b) - math.lgamma(a) - (a + 1) * np.log(variance)
    return log_joint - log_slopes - (log_variance - b / variance)


def sampled(chains, exact_means, exact_sds):
    """Flags of draws (step, chain, quantity), by the means of batches."""

    def error(values):  # batches of 20 draws, about independent of each other
        steps, count, width = values.shape
        means = values.reshape(steps // 20, 20, count, width).mean(axis=1)
        means = means.reshape(-1, width)
        return means.std(axis=0, ddof=1) / np.sqrt(len(means))

    means, sds = chains.mean(axis=(0, 1)), chains.std(axis=(0, 1))
    of_means = error(chains)
    of_sds = error((chains - means) ** 2) / (2 * sds)  # as sd is the root of a variance
    flags = {
        "means within 4 standard errors of the exact ones": abs(means - exact_means)
        < ERRORS * of_means,
        "sds within 4 standard errors of the exact ones": abs(sds - exact_sds)
        < ERRORS * of_sds,
        "standard errors below a tenth of the exact sd": np.maximum(of_means, of_sds)
        < exact_sds / 10,
    }
    assert all(flag.all() for flag in flags.values()), flags  # not both wrong
    return flags


def raises(error, part, function, *arguments):
    """Whether it raises this error; its message then has this part."""
    try:
        function(*arguments)
    except error as raised:
        message = str(raised)
    else:
        return np.array(False)
    assert part in message, message
    return np.array(True)


def pytorch(program, given):
    import torch
    from pyro.infer.mcmc.util import initialize_model
    from pyro.nn import PyroModule
    from pyro.ops.stats import effective_sample_size

    dist, pyro = program.dist, program.pyro
    log_joints, gradients, evidences = [], [], []
    _, potential, _, _ = initialize_model(program.model, (program.x, program.y))
    unconstrained = []
    for variance, slopes in zip(given["variances"], given["slopes"]):
        at = [torch.tensor(variance), torch.tensor(slopes)]
        at = [value.requires_grad_() for value in at]
        log_joint = program.log_joint(*at)
        gradient = torch.autograd.grad(log_joint, at)
        log_joints.append(log_joint.item())
        gradients.append([gradient[0].item(), *gradient[1].tolist()])
        evidences.append(evidence(program, variance, slopes, log_joint.item()))
        values = {"variance": at[0].log(), "slopes": at[1]}
        unconstrained.append(-potential(values).item())

    def no_plate(x, y):
        variance = pyro.sample("variance", dist.InverseGamma(2.0, 1.0))
        pyro.sample("y", dist.Normal(x[:, 0], variance.sqrt()), obs=y)

    trace = pyro.poutine.trace(no_plate).get_trace(program.x, program.y)
    four = torch.ones(4), torch.zeros(4, 2)
    to_positive = torch.distributions.biject_to(dist.InverseGamma.support)
    single = dist.Normal(torch.tensor(0.0, dtype=torch.float32), 1.0)
    means = [float(law.mean) for law in program.exact]
    sds = [float(law.stddev) for law in program.exact]
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        effective_sample_size(program.draws[:, None], 1, 0)
    unit = dist.Normal(0.0, 1.0)
    pyro.set_rng_seed(0)
    return {
        "log joint at 3 settings": np.array(log_joints),
        "its gradient": np.array(gradients),
        "log density in unconstrained space": np.array(unconstrained),
        "log evidence, from 3 settings": np.array(evidences),
        "log evidence is the same from each": np.ptp(evidences) < 1e-9,
        "exact means": np.array(means),
        "exact sds": np.array(sds),
        **sampled(program.draws.numpy()[:, None], np.array(means), np.array(sds)),
        "positive number for 0 in unconstrained space, by default": to_positive(
            torch.tensor(0.0)
        ),
        "a negative standard deviation raises": raises(
            ValueError, "to satisfy the constraint", lambda: dist.Normal(0.0, -1.0)
        ),
        "a model of the framework takes a layer of the library": ~raises(
            TypeError, "", lambda: torch.nn.Sequential(PyroModule[torch.nn.Linear](2, 1))
        ),
        "a float64 value in a float32 density raises": raises(
            RuntimeError,
            "",
            lambda: single.log_prob(torch.tensor(0.5, dtype=torch.float64)),
        ),
        "log joint of four settings in one call raises": raises(
            RuntimeError, "must match the existing size", program.log_joint, *four
        ),
        "numbers in a log joint that forgets to sum the patients": np.array(
            trace.log_prob_sum().numel()
        ),
        "InverseGamma has a parameter called scale": np.array(
            "scale" in dist.InverseGamma.arg_constraints
        ),
        "effective sample size logs a warning": np.array(len(heard) > 0),
        "two draws in a row, seeded as in the program, agree": np.array(
            unit.sample().item() == unit.sample().item()
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf
    import tensorflow_probability as tfp

    tfd = program.tfd
    log_joints, gradients, evidences, unconstrained = [], [], [], []
    inner = program.kernel.inner_kernel  # without the adaptation of the step size
    for variance, slopes in zip(given["variances"], given["slopes"]):
        at = [tf.constant(variance), tf.constant(slopes)]
        log_joint, gradient = tfp.math.value_and_gradient(program.log_joint, at)
        log_joints.append(log_joint.numpy())
        gradients.append([gradient[0].numpy(), *gradient[1].numpy()])
        evidences.append(evidence(program, variance, slopes, log_joint.numpy()))
        results = inner.bootstrap_results(at).inner_results
        unconstrained.append(results.target_log_prob.numpy())

    @tfd.JointDistributionCoroutine
    def no_plate():
        root = tfd.JointDistributionCoroutine.Root
        variance = yield root(tfd.InverseGamma(np.float64(2), 1, name="variance"))
        yield tfd.Normal(program.x[:, 0], tf.sqrt(variance), name="y")

    four = tf.ones(4, tf.float64), tf.zeros((4, 2), tf.float64)
    law = tfd.InverseGamma(np.float64(2), 1)
    bijector = law.experimental_default_event_space_bijector()
    unit = tfd.Normal(0.0, 1.0)
    heard = []
    logger = tf.get_logger()
    logger.addFilter(heard.append)  # appending returns None: nothing is shown
    tfp.mcmc.effective_sample_size(program.chains)
    logger.removeFilter(heard.append)
    means = np.array([law.mean().numpy() for law in program.exact])
    sds = np.array([law.stddev().numpy() for law in program.exact])
    return {
        "log joint at 3 settings": np.array(log_joints),
        "its gradient": np.array(gradients),
        "log density in unconstrained space": np.array(unconstrained),
        "log evidence, from 3 settings": np.array(evidences),
        "log evidence is the same from each": np.ptp(evidences) < 1e-9,
        "exact means": means,
        "exact sds": sds,
        **sampled(program.chains.numpy(), means, sds),
        "positive number for 0 in unconstrained space, by default": bijector.forward(
            np.float64(0)
        ),
        "a negative standard deviation raises": raises(
            ValueError, "", lambda: tfd.Normal(0.0, -1.0)
        ),
        "a model of the framework takes a layer of the library": ~raises(
            ValueError,
            "Only instances of `keras.Layer`",
            lambda: keras.Sequential([keras.Input((2,)), tfp.layers.DenseFlipout(1)]),
        ),
        "a float64 value in a float32 density raises": raises(
            TypeError,
            "must have the same dtype",
            lambda: unit.log_prob(tf.constant(0.5, tf.float64)),
        ),
        "log joint of four settings in one call raises": raises(
            ValueError, "", program.log_joint, *four
        ),
        "numbers in a log joint that forgets to sum the patients": np.size(
            no_plate.log_prob(np.float64(1), program.y)
        ),
        "InverseGamma has a parameter called scale": np.array(
            "scale" in law.parameters
        ),
        "effective sample size logs a warning": np.array(len(heard) > 0),
        "two draws in a row, seeded as in the program, agree": np.array(
            unit.sample(seed=[0, 0]).numpy() == unit.sample(seed=[0, 0]).numpy()
        ),
    }
