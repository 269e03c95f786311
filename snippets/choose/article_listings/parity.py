"""A network as often printed, with ported weights, and what its listings do."""

import numpy as np

DIFFERENT = {
    "the listing as printed parses": "the TensorFlow listing never "
    "closes its list of layers",
    "building it as printed warns": "Keras asks for keras.Input in "
    "place of input_shape=",
    "a slice of columns keeps the whole tensor's memory": "every PyTorch slice "
    "is a view, TensorFlow copies what is not contiguous",
    "a slice of rows of 1,000 numbers does": "TensorFlow shares rows only where "
    "each ends at a multiple of the alignment of memory, 64 bytes",
}


def inputs():
    rng = np.random.default_rng(0)

    def normal(*shape):
        return rng.normal(0, 0.5, shape).astype("float32")

    return {
        "weights": [normal(10, 20), normal(20), normal(20, 5), normal(5)],
        "x": normal(8, 10),
    }


def rows(program, output, parameters, ones):
    kept = {
        name: np.array(program.memory_is_kept(take, width=1024))
        for name, take in program.takes.items()
    }
    short_rows = program.memory_is_kept(program.takes["two rows"], width=1000)
    return {
        "output of the network": output,
        "shapes of two rows and two columns, of 8 x 5": np.array(
            [program.takes[f"two {what}"](ones).shape for what in ("rows", "columns")]
        ),
        "number of parameters": np.array(parameters),
        "the tensor's memory is kept while it is used": kept["x itself"],
        "the memory is kept when nothing uses it": kept["nothing"],
        "a slice of columns keeps the whole tensor's memory": kept["two columns"],
        "a slice of rows of 1,024 numbers does": kept["two rows"],
        "a slice of rows of 1,000 numbers does": np.array(short_rows),
        "the listing as printed parses": np.array(program.parses(program.PRINTED)),
        "a text with a bracket left open parses": np.array(program.parses("(")),
        "building it as printed warns": np.array(len(program.caught) > 0),
    }


def pytorch(program, given):
    import torch

    w1, b1, w2, b2 = map(torch.from_numpy, given["weights"])
    names = ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")
    program.model.load_state_dict(dict(zip(names, (w1.T, b1, w2.T, b2))))
    output = program.model(torch.from_numpy(given["x"])).detach().numpy()
    parameters = sum(p.numel() for p in program.model.parameters())
    return rows(program, output, parameters, torch.ones(8, 5))


def tensorflow(program, given):
    import tensorflow as tf

    w1, b1, w2, b2 = given["weights"]
    program.first.set_weights([w1, b1])
    program.last.set_weights([w2, b2])
    output = np.asarray(program.model(given["x"]))
    return rows(program, output, program.model.count_params(), tf.ones((8, 5)))
