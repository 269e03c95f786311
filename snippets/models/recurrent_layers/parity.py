"""Same weights and digits: outputs, states, gradients, and what each takes for granted."""

import warnings

import numpy as np

DIFFERENT = {
    "axes of the state": "PyTorch's begins with an axis for layers and directions",
    "as it comes, row 1 of a batch sees row 0": "PyTorch takes the first axis for time",
    "packed or masked: outputs of every step": "PyTorch gives zeros over the padding; "
    "Keras repeats the last output",
    "padding at the front: the state is that of the rest": "packing cuts the end off; a "
    "mask may stand anywhere",
    "weights that train in two layers": "PyTorch has two biases a gate, Keras one",
    "one step of SGD moves the bias of a gate by": "PyTorch has two biases, and moves both",
    "GRU, weights only transposed: last output": "the gates stand in another order",
    "dropout of a single layer drops": "PyTorch drops between layers alone",
    "dropout of a single layer warns": "PyTorch does, once, when the layer is made",
    "a second loss through a carried state has gradients": "PyTorch goes back through the "
    "first batch, whose graph is gone; a new tape ends at the state",
}


def inputs():
    rng = np.random.default_rng(1)

    def weights(features, gates=4):
        shapes = (gates * 5, features), (gates * 5, 5), gates * 5, gates * 5
        return [rng.normal(0, 0.5, shape).astype("float32") for shape in shapes]

    return {
        "lstm": weights(8),
        "forward": weights(8),
        "backward": weights(8),
        "lower": weights(8),
        "upper": weights(5),
        "gru": weights(8, gates=3),
        "direction": rng.normal(size=(3, 8, 5)).astype("float32"),
        "wide": rng.normal(size=(3, 10)).astype("float32"),
        "state": rng.normal(size=(2, 3, 5)).astype("float32"),
    }


def fill(layer, given, *names):
    """PyTorch's arrays into a module of PyTorch."""
    import torch

    arrays = [array for name in names for array in given[name]]
    with torch.no_grad():
        for weight, array in zip(layer.parameters(), arrays, strict=True):
            weight.copy_(torch.from_numpy(array))


def backward(loss, layer):
    layer.zero_grad()
    loss.backward()
    return [weight.grad.clone() for weight in layer.parameters()]


def pytorch(program, given):
    import torch

    results = {
        "digits": program.images,
        "axes of the state": program.h.ndim,
        "ported LSTM: outputs": program.from_lstm,
        "ported GRU: last output": program.from_gru[:, -1],
        "two halves, of the run, give the whole": torch.allclose(
            program.rest, program.output[:, 4:], atol=1e-5
        ),
        "of the run: the state at the end of row 1 is its third output": torch.allclose(
            program.h_packed[-1, 1], program.output[1, 2], atol=1e-5
        ),
        "two directions, of the run: the last step is the summary": torch.equal(
            program.summary, program.steps[:, -1]
        ),
    }
    fill(program.lstm, given, "lstm")
    fill(program.both, given, "forward", "backward")
    fill(program.stack, given, "lower", "upper")
    fill(program.gru, given, "gru")
    for part in lstm_of_pytorch, padding_of_pytorch, others_of_pytorch, bites_of_pytorch:
        results |= part(program, given)
    return results


def lstm_of_pytorch(program, given):
    import torch

    lstm, x = program.lstm, program.images
    output, (h, c) = lstm(x)
    loss = (output * torch.from_numpy(given["direction"])).sum()
    kernel, recurrent, bias, _ = backward(loss, lstm)
    before = lstm.bias_ih_l0 + lstm.bias_hh_l0
    torch.optim.SGD(lstm.parameters(), lr=0.1).step()
    moved = (lstm.bias_ih_l0 + lstm.bias_hh_l0 - before).detach()
    fill(lstm, given, "lstm")
    return {
        "LSTM: outputs": output,
        "LSTM: last h": h[-1],
        "LSTM: last c": c[-1],
        "LSTM: gradient of the kernel": kernel,
        "LSTM: gradient of the recurrent kernel": recurrent,
        "LSTM: gradient of a bias": bias,
        "LSTM: outputs from a given state": lstm(
            x, tuple(torch.from_numpy(given["state"])[:, None])
        )[0],
        "one step of SGD moves the bias of a gate by": moved,
        "one step of SGD: half of PyTorch's move, all of Keras'": moved / 2,
        "two halves with the state left out give the whole": torch.allclose(
            lstm(x[:, 4:])[0], output[:, 4:], atol=1e-5
        ),
    }


def padding_of_pytorch(program, given):
    import torch

    lstm, rnn, x = program.lstm, program.rnn, program.images
    packed = rnn.pack_padded_sequence(
        x, program.lengths, batch_first=True, enforce_sorted=False
    )
    ends, (state, _) = lstm(packed)
    front = rnn.pack_padded_sequence(x, [5, 5, 5], batch_first=True)
    return {
        "packed or masked: the state at each end": state[-1],
        "packed or masked: outputs of every step": rnn.pad_packed_sequence(
            ends, batch_first=True
        )[0],
        "padding reaches the state that is neither packed nor masked": not torch.allclose(
            lstm(x)[1][0], state, atol=1e-3
        ),
        "padding at the front: the state is that of the rest": torch.allclose(
            lstm(front)[1][0], lstm(x[:, 3:])[1][0], atol=1e-5
        ),
    }


def others_of_pytorch(program, given):
    import torch

    both, stack, gru, x = program.both, program.stack, program.gru, program.images
    wide, direction = (torch.from_numpy(given[name]) for name in ("wide", "direction"))
    steps, (h, _) = both(x)
    summary = torch.cat([h[-2], h[-1]], dim=-1)
    of_both = backward((summary * wide).sum(), both)
    top = stack(x)[1][0][-1]
    of_stack = backward((top * direction[:, 0]).sum(), stack)
    last = gru(x)[1][-1]
    kernel, recurrent, *_ = backward((last * direction[:, 0]).sum(), gru)
    stack.train()
    drops = not torch.equal(stack(x)[0], stack(x)[0])
    return {
        "two directions: outputs": steps,
        "two directions: summary": summary,
        "two directions: the layer that returns the summary alone": summary,
        "two directions: gradient of each kernel": torch.stack([of_both[0], of_both[4]]),
        "two directions: the backward half of the last step read one step": torch.allclose(
            steps[:, -1, 5:], both(x[:, -1:])[0][:, 0, 5:], atol=1e-5
        ),
        "two layers: last output": top,
        "two layers: gradient of the lower kernel": of_stack[0],
        "two layers: gradient of the upper kernel": of_stack[4],
        "two layers: rate of the dropout": float(stack.dropout),
        "two layers in training drop": drops,
        "weights that train in two layers": sum(p.numel() for p in stack.parameters()),
        "GRU: last output": last,
        "GRU: gradient of the kernel": kernel,
        "GRU: gradient of the recurrent kernel": recurrent,
        "GRU, weights only transposed: last output": last,
    }


def bites_of_pytorch(program, given):
    import torch

    nn, lstm, x = program.nn, program.lstm, program.images
    fresh = nn.LSTM(8, 5)
    other = torch.cat([x[:1] + 1, x[1:]])
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        single = nn.LSTM(8, 5, dropout=0.5, batch_first=True)
    _, carried = lstm(x[:, :4])
    carried[0].sum().backward()

    def second():
        try:
            lstm(x[:, 4:], carried)[0].sum().backward()
        except RuntimeError as error:
            if "backward through the graph a second time" not in str(error):
                raise
            return False
        return True

    return {
        "as it comes, row 1 of a batch sees row 0": not torch.equal(
            fresh(x)[0][1], fresh(other)[0][1]
        ),
        "dropout of a single layer drops": not torch.equal(single(x)[0], single(x)[0]),
        "dropout of a single layer warns": bool(warned),
        "a second loss through a carried state has gradients": second(),
    }


def ported(given, *names):
    """PyTorch's arrays of LSTMs, in the order and layout of Keras."""
    weights = (given[name] for name in names)
    return [
        each
        for kernel, recurrent, *biases in weights
        for each in (kernel.T, recurrent.T, sum(biases))
    ]


def taped(call, layer):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(call())
    return tape.gradient(loss, [each.value for each in layer.trainable_weights])


def tensorflow(program, given):
    results = {
        "digits": program.images,
        "axes of the state": program.h.ndim,
        "ported LSTM: outputs": program.from_lstm,
        "ported GRU: last output": program.from_gru,
        "two halves, of the run, give the whole": np.allclose(
            program.rest, program.output[:, 4:], atol=1e-5
        ),
        "of the run: the state at the end of row 1 is its third output": np.allclose(
            program.h_masked[1], program.output[1, 2], atol=1e-5
        ),
        "two directions, of the run: the last step is the summary": np.array_equal(
            program.summary, program.steps[:, -1]
        ),
    }
    program.lstm.set_weights(ported(given, "lstm"))
    program.both.set_weights(ported(given, "forward", "backward"))
    program.stack.set_weights(ported(given, "lower", "upper"))
    for part in lstm_of_keras, padding_of_keras, others_of_keras, gru_of_keras, bites_of_keras:
        results |= part(program, given)
    return results


def lstm_of_keras(program, given):
    import tensorflow as tf

    lstm, x = program.lstm, program.images
    output, h, c = lstm(x)
    kernel, recurrent, bias = taped(lambda: lstm(x)[0] * given["direction"], lstm)
    before = lstm.get_weights()[2]
    optimizer = program.keras.optimizers.SGD(0.1)
    optimizer.apply([kernel, recurrent, bias], lstm.trainable_weights)
    moved = lstm.get_weights()[2] - before
    lstm.set_weights(ported(given, "lstm"))
    return {
        "LSTM: outputs": output,
        "LSTM: last h": h,
        "LSTM: last c": c,
        "LSTM: gradient of the kernel": tf.transpose(kernel),
        "LSTM: gradient of the recurrent kernel": tf.transpose(recurrent),
        "LSTM: gradient of a bias": bias,
        "LSTM: outputs from a given state": lstm(
            x, initial_state=tf.unstack(tf.constant(given["state"]))
        )[0],
        "one step of SGD moves the bias of a gate by": moved,
        "one step of SGD: half of PyTorch's move, all of Keras'": moved,
        "two halves with the state left out give the whole": np.allclose(
            lstm(x[:, 4:])[0], output[:, 4:], atol=1e-5
        ),
    }


def padding_of_keras(program, given):
    lstm, x = program.lstm, program.images
    ends, state, _ = lstm(x, mask=program.mask)
    front = np.broadcast_to(np.arange(8) >= 3, (3, 8))
    return {
        "packed or masked: the state at each end": state,
        "packed or masked: outputs of every step": ends,
        "padding reaches the state that is neither packed nor masked": not np.allclose(
            lstm(x)[1], state, atol=1e-3
        ),
        "padding at the front: the state is that of the rest": np.allclose(
            lstm(x, mask=front)[1], lstm(x[:, 3:])[1], atol=1e-5
        ),
    }


def others_of_keras(program, given):
    import tensorflow as tf

    layers, both, stack, x = program.layers, program.both, program.stack, program.images
    direction = given["direction"][:, 0]
    steps, h_forward, _, h_backward, _ = both(x)
    alone = layers.Bidirectional(layers.LSTM(5))
    alone.build(x.shape)
    alone.set_weights(both.get_weights())
    of_both = taped(lambda: alone(x) * given["wide"], alone)
    of_stack = taped(lambda: stack(x, training=False) * direction, stack)
    drops = not np.array_equal(stack(x, training=True), stack(x, training=True))
    return {
        "two directions: outputs": steps,
        "two directions: summary": tf.concat([h_forward, h_backward], axis=-1),
        "two directions: the layer that returns the summary alone": alone(x),
        "two directions: gradient of each kernel": tf.stack(
            [tf.transpose(of_both[0]), tf.transpose(of_both[3])]
        ),
        "two directions: the backward half of the last step read one step": np.allclose(
            steps[:, -1, 5:], both(x[:, -1:])[0][:, 0, 5:], atol=1e-5
        ),
        "two layers: last output": stack(x, training=False),
        "two layers: gradient of the lower kernel": tf.transpose(of_stack[0]),
        "two layers: gradient of the upper kernel": tf.transpose(of_stack[3]),
        "two layers: rate of the dropout": float(stack.layers[1].rate),
        "two layers in training drop": drops,
        "weights that train in two layers": stack.count_params(),
    }


def gru_of_keras(program, given):
    gru, x = program.gru, program.images
    kernel, recurrent, *biases = given["gru"]
    gru.set_weights([kernel.T, recurrent.T, np.stack(biases)])
    transposed = gru(x)
    kernel, recurrent, *biases = map(program.update_first, given["gru"])
    gru.set_weights([kernel.T, recurrent.T, np.stack(biases)])
    gradients = taped(lambda: gru(x) * given["direction"][:, 0], gru)
    by_kernel, by_recurrent = (
        program.update_first(each.numpy().T) for each in gradients[:2]
    )  # once more gives the order of PyTorch
    return {
        "GRU: last output": gru(x),
        "GRU: gradient of the kernel": by_kernel,
        "GRU: gradient of the recurrent kernel": by_recurrent,
        "GRU, weights only transposed: last output": transposed,
    }


def bites_of_keras(program, given):
    import tensorflow as tf

    layers, lstm, x = program.layers, program.lstm, program.images
    fresh = layers.LSTM(5, return_sequences=True)
    other = tf.concat([x[:1] + 1, x[1:]], axis=0)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        single = layers.LSTM(5, dropout=0.5)
    with tf.GradientTape() as tape:
        _, *carried = lstm(x[:, :4])
        loss = tf.reduce_sum(carried[0])
    tape.gradient(loss, lstm.trainable_weights[0].value)
    second = taped(lambda: lstm(x[:, 4:], initial_state=carried)[0], lstm)
    return {
        "as it comes, row 1 of a batch sees row 0": not np.array_equal(
            fresh(x)[1], fresh(other)[1]
        ),
        "dropout of a single layer drops": not np.array_equal(
            single(x, training=True), single(x, training=True)
        ),
        "dropout of a single layer warns": bool(warned),
        "a second loss through a carried state has gradients": all(
            each is not None for each in second
        ),
    }
