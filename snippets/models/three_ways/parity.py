"""Same weights in three ways, twice: outputs, gradients; and what each way can do."""

import numpy as np

DIFFERENT = {
    "a new model repeats itself when called": "a PyTorch module starts in train "
    "mode, with dropout; a Keras model called directly runs for inference",
    "tensors found in a plain list of two layers": "nn.Module registers modules "
    "and parameters, not lists; Keras tracks lists",
    "the saved class loads without its code": "torch.export saves the "
    "traced graph; .keras saves a class by its name",
    "a class without **kwargs loads, its code given": "a state_dict holds tensors "
    "alone; .keras hands trainable and dtype to __init__",
    "a branch on the data runs in a loop over batches": "a loop by hand calls the "
    "module; predict traces the model into a graph, without AutoGraph",
    "weights exist before the first call": "nn.Linear is told its input size; a "
    "Dense in a class learns it from the first input",
}


def inputs():
    rng = np.random.default_rng(0)

    def normal(*shape):
        return rng.normal(0, 0.5, shape).astype("float32")

    return {
        "weights": [normal(8, 8), normal(8), normal(8, 3), normal(3)],
        "x": normal(16, 8),
        "direction": normal(16, 3),
    }


def works(function, error):
    try:
        function()
    except error:
        return np.array(False)
    return np.array(True)


def pytorch(program, given):
    import torch

    x, direction = torch.from_numpy(given["x"]), torch.from_numpy(given["direction"])
    weights = [torch.from_numpy(w.T.copy()) for w in given["weights"]]
    for model in program.chain, program.network:
        model.load_state_dict(dict(zip(model.state_dict(), weights)))
        model.eval()
    arguments = [weight.requires_grad_() for weight in weights]
    ways = {
        "chain": (program.chain(x), list(program.chain.parameters())),
        "graph": (program.graph(x, *arguments), arguments),
        "class": (program.network(x), list(program.network.parameters())),
    }
    found = {f"output of the {way}": output for way, (output, _) in ways.items()}
    for way, (output, parameters) in ways.items():
        gradients = torch.autograd.grad((output * direction).sum(), parameters)
        found[f"gradient of the first weights, {way}"] = gradients[0].T
        found[f"gradient of the last bias, {way}"] = gradients[3]
    new = program.Network()

    def stack_again():
        torch.save(program.Stack(torch.nn.ModuleList).state_dict(), "stack.pt")
        stack = program.Stack(torch.nn.ModuleList)
        stack.load_state_dict(torch.load("stack.pt"))

    return {
        **found,
        "a branch on the data runs when called": works(
            lambda: program.positive(torch.ones(2)), error=RuntimeError
        ),
        "a branch on the data enters a symbolic graph": works(
            lambda: program.fx.symbolic_trace(program.positive),
            error=program.fx.proxy.TraceError,
        ),
        "a branch on the data runs in a loop over batches": works(
            lambda: [program.positive(x) for x in torch.ones(2, 2)],
            error=RuntimeError,
        ),
        "without dropout, a model repeats itself": np.array_equal(
            program.network(x).detach(), program.network(x).detach()
        ),
        "a new model repeats itself when called": np.array_equal(
            new(x).detach(), new(x).detach()
        ),
        "tensors found in a plain list of two layers": np.array(
            len(list(program.Stack(list).parameters()))
        ),
        "the saved class loads without its code": works(
            lambda: torch.export.load("network.pt2").module()(program.x),
            error=TypeError,
        ),
        "the saved class loads, its code given": works(
            lambda: new.load_state_dict(torch.load("weights.pt")), error=RuntimeError
        ),
        "a class without **kwargs loads, its code given": works(
            stack_again, error=RuntimeError
        ),
        "weights exist before the first call": np.array(bool(list(new.parameters()))),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    x, direction = given["x"], given["direction"]
    ways = {"chain": program.chain, "graph": program.graph, "class": program.network}
    outputs, gradients = {}, {}
    for way, model in ways.items():
        model.set_weights(given["weights"])
        with tf.GradientTape() as tape:
            output = model(x)
            loss = tf.reduce_sum(output * direction)
        found = tape.gradient(loss, model.trainable_variables)
        outputs[f"output of the {way}"] = output
        gradients[f"gradient of the first weights, {way}"] = found[0]
        gradients[f"gradient of the last bias, {way}"] = found[3]
    new = program.Network()
    before = bool(new.weights)
    load = keras.saving.load_model
    program.stack.save("stack.keras")
    return {
        **outputs,
        **gradients,
        "a branch on the data runs when called": works(
            lambda: program.positive(np.ones(2)), error=RuntimeError
        ),
        "a branch on the data enters a symbolic graph": works(
            lambda: bool(keras.ops.sum(program.inputs) > 0), error=TypeError
        ),
        "a branch on the data runs in a loop over batches": works(
            lambda: program.positive.predict(np.ones((2, 2)), verbose=0),
            error=TypeError,
        ),
        "without dropout, a model repeats itself": np.array_equal(
            program.network(x, training=False), program.network(x, training=False)
        ),
        "a new model repeats itself when called": np.array_equal(new(x), new(x)),
        "tensors found in a plain list of two layers": np.array(
            len(program.stack.weights)
        ),
        "the saved class loads without its code": works(
            lambda: load("network.keras"), error=TypeError
        ),
        "the saved class loads, its code given": works(
            lambda: load("network.keras", {"Network": program.Network}), TypeError
        ),
        "a class without **kwargs loads, its code given": works(
            lambda: load("stack.keras", {"Stack": program.Stack}), TypeError
        ),
        "weights exist before the first call": np.array(before),
    }
