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


def works(function, error, message):
    """Whether it runs; it may raise this error with these words and no other one."""
    try:
        function()
    except error as raised:
        if message not in str(raised):
            raise
        return False
    return True


def weights_of(network):
    """The arguments of the program's plain function, by the names of its modules."""
    return [
        network.get_parameter(f"{module}.{name}")
        for module in ("hidden", "out")
        for name in ("weight", "bias")
    ]


def pytorch(program, given):
    import torch

    x, direction = torch.from_numpy(given["x"]), torch.from_numpy(given["direction"])
    chain, network = program.chain, program.network
    as_ported = all(
        torch.equal(each(program.x), network(program.x))
        for each in (chain, lambda x: program.graph(x, *weights_of(network)))
    )
    quiet = network(program.x)
    network.train()
    drawn = [network(program.x) for _ in range(2)]
    network.eval()
    exported = torch.export.load("network.pt2").module()
    as_saved = torch.equal(exported(program.x[:3]), network(program.x[:3]))
    weights = [torch.from_numpy(w.T.copy()) for w in given["weights"]]
    hidden = {"weight": weights[0], "bias": weights[1]}
    out = {"weight": weights[2], "bias": weights[3]}
    for each, (first, last) in {
        chain: (chain[0][0], chain[1]),
        network: (network.hidden, network.out),
    }.items():
        first.load_state_dict(hidden)
        last.load_state_dict(out)
        each.eval()
    arguments = [weight.requires_grad_() for weight in weights]
    ways = {
        "chain": (chain(x), (chain[0][0].weight, chain[1].bias)),
        "graph": (program.graph(x, *arguments), (arguments[0], arguments[3])),
        "class": (network(x), (network.hidden.weight, network.out.bias)),
    }
    found = {f"output of the {way}": output for way, (output, _) in ways.items()}
    for way, (output, parameters) in ways.items():
        gradients = torch.autograd.grad((output * direction).sum(), parameters)
        found[f"gradient of the first weights, {way}"] = gradients[0].T
        found[f"gradient of the last bias, {way}"] = gradients[1]
    new = program.Network()

    def stack_again():
        torch.save(program.Stack(torch.nn.ModuleList).state_dict(), "stack.pt")
        stack = program.Stack(torch.nn.ModuleList)
        stack.load_state_dict(torch.load("stack.pt", weights_only=True))

    return {
        **found,
        "a branch on the data runs when called": works(
            lambda: program.positive(torch.ones(2)), RuntimeError, "control flow"
        ),
        "a branch on the data enters a symbolic graph": works(
            lambda: program.fx.symbolic_trace(program.positive),
            program.fx.proxy.TraceError,
            "control flow",
        ),
        "a branch on the data runs in a loop over batches": works(
            lambda: [program.positive(x) for x in torch.ones(2, 2)],
            RuntimeError,
            "control flow",
        ),
        "without dropout, a model repeats itself": np.array_equal(
            network(x).detach(), network(x).detach()
        ),
        "a new model repeats itself when called": np.array_equal(
            new(x).detach(), new(x).detach()
        ),
        "two draws of dropout, each unlike the output without": all(
            not torch.equal(each, quiet) for each in drawn
        ),
        "sizes of two layers in a list": np.array(
            [each.weight.shape for each in program.Stack(torch.nn.ModuleList).steps]
        ),
        "tensors found in a plain list of two layers": np.array(
            len(list(program.Stack(list).parameters()))
        ),
        "the program's own ports give the same outputs": as_ported,
        "the saved model gives the same output, for 3 rows of 4": as_saved,
        "the saved class loads without its code": works(
            lambda: torch.export.load("network.pt2").module()(program.x),
            TypeError,
            "Network",
        ),
        "the saved class loads, its code given": works(
            lambda: new.load_state_dict(torch.load("weights.pt", weights_only=True)),
            RuntimeError,
            "state_dict",
        ),
        "a class without **kwargs loads, its code given": works(
            stack_again, RuntimeError, "state_dict"
        ),
        "weights exist before the first call": np.array(bool(list(new.parameters()))),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    x, direction = given["x"], given["direction"]
    chain, graph, network = program.chain, program.graph, program.network
    load, customs = keras.saving.load_model, keras.saving.get_custom_objects
    as_ported = all(
        np.array_equal(each(program.x), network(program.x)) for each in (chain, graph)
    )
    quiet, drawn = network(program.x), (program.a, program.b)
    saved = load("graph.keras")(program.x[:3])
    as_saved = np.array_equal(saved, network(program.x[:3]))
    ways = {
        "chain": (chain, chain.layers[0].hidden, chain.layers[1]),
        "graph": (graph, graph.get_layer("hidden"), graph.get_layer("out")),
        "class": (network, network.hidden, network.out),
    }
    outputs, gradients = {}, {}
    for way, (model, hidden, out) in ways.items():
        hidden.set_weights(given["weights"][:2])
        out.set_weights(given["weights"][2:])
        with tf.GradientTape() as tape:
            output = model(x)
            loss = tf.reduce_sum(output * direction)
        found = tape.gradient(loss, [hidden.kernel.value, out.bias.value])
        outputs[f"output of the {way}"] = output
        gradients[f"gradient of the first weights, {way}"] = found[0]
        gradients[f"gradient of the last bias, {way}"] = found[1]
    new = program.Network()
    before = bool(new.weights)

    class Bare(keras.Model):
        def __init__(self):
            super().__init__()
            self.out = keras.layers.Dense(3)

        def call(self, x):
            return self.out(x)

    bare = Bare()
    bare(x)
    bare.save("bare.keras")
    customs().clear()
    return {
        **outputs,
        **gradients,
        "a branch on the data runs when called": works(
            lambda: program.positive(np.ones(2)), TypeError, "as a Python `bool`"
        ),
        "a branch on the data enters a symbolic graph": works(
            lambda: bool(keras.ops.sum(program.inputs) > 0),
            TypeError,
            "cannot be used as a boolean",
        ),
        "a branch on the data runs in a loop over batches": works(
            lambda: program.positive.predict(np.ones((2, 2)), verbose=0),
            TypeError,
            "as a Python `bool`",
        ),
        "without dropout, a model repeats itself": np.array_equal(
            network(x, training=False), network(x, training=False)
        ),
        "a new model repeats itself when called": np.array_equal(new(x), new(x)),
        "two draws of dropout, each unlike the output without": all(
            not np.array_equal(each, quiet) for each in drawn
        ),
        "sizes of two layers in a list": np.array(
            [each.kernel.shape for each in program.stack.steps]
        ),
        "tensors found in a plain list of two layers": np.array(
            len(program.stack.weights)
        ),
        "the program's own ports give the same outputs": as_ported,
        "the saved model gives the same output, for 3 rows of 4": as_saved,
        "the saved class loads without its code": works(
            lambda: load("network.keras"), TypeError, "Could not locate class 'Network'"
        ),
        "the saved class loads, its code given": works(
            lambda: load("network.keras", {"Custom>Network": program.Network}),
            TypeError,
            "Network",
        ),
        "a class without **kwargs loads, its code given": works(
            lambda: load("bare.keras", {"Bare": Bare}), TypeError, "'trainable'"
        ),
        "weights exist before the first call": np.array(before),
    }
