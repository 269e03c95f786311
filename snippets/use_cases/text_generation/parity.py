"""Same weights: logits, gradients, steps of the shown optimizer, its schedule, and letters written."""

from collections import Counter, defaultdict

import numpy as np

# Each side adds epsilon to another number: the steps are those of the shown optimizers, with
# next to no epsilon, and of windows in which each letter comes once: Keras' Adam squares the
# gradients of a letter one by one. The bias of the keys has no effect: its steps are rounding.
EPSILON = 1e-12
RTOL = 1e-4

OVER_SEEDS = {"bits": {"within": 0.08, "below": "baseline"}}
VARIES = {
    "How context helps": "rounding differs, and training amplifies it",
    "Write": "rounding differs, and another letter changes all that follow",
}
DIFFERENT = {
    "tables in the model, positions embedded in passing": "a Keras layer called on a "
    "constant while a functional model is built is evaluated once and left out of it",
    "MultiheadAttention, lower triangle of True: a letter sees the past": "True blocks in "
    "nn.MultiheadAttention; True attends in Keras",
    "MultiheadAttention, the causal flag needs a mask beside it": "is_causal is a hint about "
    "attn_mask in PyTorch's layer; use_causal_mask makes the mask",
    "attention drops weights in evaluation, too": "scaled_dot_product_attention is a function and "
    "knows no mode; a Keras layer does",
}
CHARS, WIDTH, CONTEXT, HEADS = 62, 64, 32, 4
SHAPES = {
    "token": (CHARS, WIDTH),
    "position": (CONTEXT, WIDTH),
    "query": (WIDTH, WIDTH),
    "key": (WIDTH, WIDTH),
    "value": (WIDTH, WIDTH),
    "proj": (WIDTH, WIDTH),
    "wide": (WIDTH, 4 * WIDTH),
    "narrow": (4 * WIDTH, WIDTH),
    "head": (WIDTH, CHARS),
}
QKV = ("query", "key", "value")


def inputs():
    rng = np.random.default_rng(0)
    kernels = {
        name: rng.normal(0, 0.1, shape).astype("float32")
        for name, shape in SHAPES.items()
    }
    biases = {
        f"{name} bias": rng.normal(0, 0.1, shape[1]).astype("float32")
        for name, shape in list(SHAPES.items())[2:]
    }
    once = [rng.permutation(CHARS)[: CONTEXT + 1] for _ in range(5)]
    windows = np.reshape(once, (5, 1, CONTEXT + 1))
    return kernels | biases | {"windows": windows}


def bits_of_counts(train, test, longest):
    """Witten-Bell: each longer context is mixed with what the shorter ones say."""
    after = [defaultdict(Counter) for _ in range(longest + 1)]
    train, test = train.tolist(), test.tolist()
    for i, char in enumerate(train):
        for n in range(min(longest, i) + 1):
            after[n][tuple(train[i - n : i])][char] += 1
    bits = 0.0
    for i, char in enumerate(test):
        p = 1 / CHARS
        for n in range(min(longest, i) + 1):
            if seen := after[n].get(tuple(test[i - n : i])):
                total = seen.total()
                p = (seen[char] + len(seen) * p) / (total + len(seen))
        bits -= np.log2(p)
    return bits / len(test)


def scores(program):
    """Where the trained network stands; a claim that is false fails the proof."""
    bits, train, test = program.bits, program.train_ids, program.test_ids
    claims = {
        "trained: at least 0.5 bits below bigrams": bits < program.baseline - 0.5,
        "trained: below counts of 1 letter before": bits
        < bits_of_counts(train, test, 1),
        "trained: above counts of 4 letters before": bits
        > bits_of_counts(train, test, 4),
        "the held-out tenth is no part of the training windows": len(train)
        + len(test)
        == len(program.ids)
        and program.train_windows.shape == (program.steps * 32, CONTEXT + 1),
    }
    assert all(claims.values()), (claims, bits)
    return {name: np.array(holds) for name, holds in claims.items()}


def raises(error, part, call):
    """Whether a call raises that error, with that in its message."""
    try:
        call()
    except error as problem:
        return part in str(problem)
    return False


def letters(program, text):
    return np.array([program.index[char] for char in text])


def pytorch(program, given):
    import torch
    from torch import nn
    from torch.nn import functional as F

    model, optimizer, scheduler = program.model, program.optimizer, program.scheduler
    result = scores(program)
    trained = optimizer.param_groups[0]["lr"]
    read = np.concatenate([batch.numpy() for batch in program.train_loader])
    values = dict(given)
    values["qkv"] = np.hstack([given[name] for name in QKV])
    values["qkv bias"] = np.hstack([given[f"{name} bias"] for name in QKV])
    with torch.no_grad():
        for name in ("token", "position"):
            getattr(model, name).weight.copy_(torch.from_numpy(values[name]))
        for name in ("qkv", "proj", "wide", "narrow", "head"):
            layer = getattr(model if name == "head" else model.block, name)
            layer.weight.copy_(torch.from_numpy(values[name].T))
            layer.bias.copy_(torch.from_numpy(values[f"{name} bias"]))
    for norm in (model.block.norm1, model.block.norm2, model.norm):
        norm.reset_parameters()

    windows = torch.from_numpy(given["windows"]).to(program.device)
    logits = model(windows[0, :, :-1])
    loss = F.cross_entropy(logits.transpose(1, 2), windows[0, :, 1:])
    asked = (model.position.weight, model.block.qkv.weight, model.head.bias)
    gradients = torch.autograd.grad(loss, asked)
    written = program.generate("ROMEO:\n", 40, 1e-4)
    with torch.no_grad():
        changed = windows[0, :1, :-1].clone()
        changed[0, 20] = (changed[0, 20] + 1) % CHARS
        apart = (model(changed) - logits[:1])[0].abs().amax(dim=1) > 1e-4

    # The shown optimizer and schedule, from their beginning.
    optimizer.state.clear()
    for group in optimizer.param_groups:
        group["lr"], group["eps"] = group["initial_lr"], EPSILON
    warmup, decay = program.warmup, program.decay
    warmup = type(warmup)(
        optimizer, warmup.start_factor, total_iters=warmup.total_iters
    )
    parts = [warmup, type(decay)(optimizer, decay.T_max)]
    again = type(scheduler)(optimizer, parts, scheduler._milestones)
    inputs, targets = windows[..., :-1], windows[..., 1:]
    losses, rates = [], []
    for batch in zip(inputs, targets):
        rates.append(optimizer.param_groups[0]["lr"])
        losses.append(program.train_step(model, optimizer, again, *batch))
        if len(losses) == 1:
            moments = [state["exp_avg"] for state in optimizer.state.values()]
            used = torch.stack([m.norm() for m in moments]).norm() / 0.1
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.state.clear()
    before = [p.detach().clone() for p in model.parameters()]
    optimizer.param_groups[0]["lr"] = optimizer.param_groups[1]["lr"] = 1.0
    optimizer.step()
    pairs = list(zip(before, model.parameters()))
    decayed = sum((new != old).sum().item() for old, new in pairs)
    kept = (model.token.weight / before[0]).mean().item()

    attention = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    x = torch.zeros(1, 4, WIDTH)
    y = x.clone()
    y[0, 0, ::2] = 1
    lower = torch.ones(4, 4).tril().bool()
    one, two = (attention(z, z, z, attn_mask=lower)[0][0, 2] for z in (x, y))
    q = torch.ones(1, 1, 8, 4)
    drops = [F.scaled_dot_product_attention(q, q, q, dropout_p=0.5) for _ in range(2)]

    class Tables(nn.Module):
        def __init__(self):
            super().__init__()
            self.token = nn.Embedding(CHARS, WIDTH)
            self.position = nn.Embedding(CONTEXT, WIDTH)

    return {
        "training windows, as they are read": read[::500],
        "logits": logits,
        "gradient of the positions": gradients[0],
        "gradient of the query kernel": gradients[1][:WIDTH].T,
        "gradient of the last bias": gradients[2],
        "places that a changed letter 20 changes": np.flatnonzero(apart.cpu()),
        "letters written, next to no temperature": letters(program, written),
        "learning rate after the training": np.float64(trained),
        "learning rates of 5 steps": np.array(rates),
        "loss of 5 steps": np.float32(losses),
        "norm of the gradients that the first step used": used,
        "weights that decay": np.array(decayed),
        "what a step without gradients leaves of a table": np.float64(kept),
        **result,
        "tables in the model, positions embedded in passing": np.array(
            len(list(Tables().parameters()))
        ),
        "MultiheadAttention, lower triangle of True: a letter sees the past": np.array(
            not torch.allclose(one, two)
        ),
        "MultiheadAttention, the causal flag needs a mask beside it": np.array(
            raises(RuntimeError, "attn_mask", lambda: attention(x, x, x, is_causal=True))
        ),
        "attention drops weights in evaluation, too": np.array(
            not torch.equal(*drops)
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    model, optimizer = program.model, program.optimizer
    result = scores(program)
    trained = program.schedule(optimizer.iterations).numpy()
    read = np.concatenate([
        np.concatenate([inputs, targets[:, -1:]], axis=1)
        for inputs, targets in program.train_ds.as_numpy_iterator()
    ])
    model.token.set_weights([given["token"]])
    model.position.set_weights([given["position"]])
    split = (HEADS, WIDTH // HEADS)
    attention = []
    for name in QKV:
        attention.append(given[name].reshape(WIDTH, *split))
        attention.append(given[f"{name} bias"].reshape(split))
    attention.append(given["proj"].reshape(*split, WIDTH))
    model.block.attention.set_weights([*attention, given["proj bias"]])
    for name in ("wide", "narrow", "head"):
        layer = getattr(model if name == "head" else model.block, name)
        layer.set_weights([given[name], given[f"{name} bias"]])
    for norm in (model.block.norm1, model.block.norm2, model.norm):
        norm.set_weights([np.ones(WIDTH), np.zeros(WIDTH)])

    windows = given["windows"]
    inputs, targets = windows[..., :-1], windows[..., 1:]
    with tf.GradientTape() as tape:
        logits = model(inputs[0], training=True)
        loss = program.loss_fn(targets[0], logits)
    query = model.block.attention.weights[0]
    asked = [model.position.embeddings.value, query.value, model.head.bias.value]
    gradients = tape.gradient(loss, asked)
    written = program.generate("ROMEO:\n", 40, 1e-4)
    changed = inputs[0, :1].copy()
    changed[0, 20] = (changed[0, 20] + 1) % CHARS
    apart = np.abs(model(changed, training=False) - logits[:1])[0].max(axis=1) > 1e-4

    # The shown optimizer and schedule, from their beginning.
    def restart():
        for variable in optimizer.variables:
            variable.assign(tf.zeros_like(variable.value))

    restart()
    optimizer.epsilon = EPSILON
    model.compile(optimizer, program.loss_fn)
    losses, rates = [], []
    for batch in zip(inputs, targets):
        rates.append(program.schedule(optimizer.iterations).numpy())
        losses.append(model.train_on_batch(*batch))
        model.reset_metrics()
        if len(losses) == 1:
            moments = [v for v in optimizer.variables if "momentum" in v.path]
            used = np.sqrt(sum((m.numpy() ** 2).sum() for m in moments)) / 0.1
    restart()
    before = [variable.numpy() for variable in model.trainable_variables]
    table = model.token.get_weights()[0]
    constant = keras.optimizers.schedules.ExponentialDecay(1.0, 1, 1.0)
    optimizer.learning_rate = constant
    optimizer.apply([tf.zeros_like(v) for v in before], model.trainable_variables)
    pairs = list(zip(before, model.trainable_variables))
    decayed = sum((new.numpy() != old).sum() for old, new in pairs)
    kept = (model.token.get_weights()[0] / table).mean()

    x = np.zeros((1, 4, WIDTH), "float32")
    y = x.copy()
    y[0, 0, ::2] = 1
    lower = np.tril(np.ones((1, 4, 4), bool))
    layer = model.block.attention
    one, two = (layer(z, z, attention_mask=lower)[0, 2] for z in (x, y))
    needs_mask = raises(ValueError, "mask", lambda: layer(x, x, use_causal_mask=True))
    dropping = keras.layers.MultiHeadAttention(1, 4, dropout=0.5)
    drops = [dropping(x, x, training=False) for _ in range(2)]

    tokens = keras.Input((CONTEXT,), dtype="int32")
    positions = keras.layers.Embedding(CONTEXT, WIDTH)(keras.ops.arange(CONTEXT))
    sums = keras.layers.Embedding(CHARS, WIDTH)(tokens) + positions
    in_passing = keras.Model(tokens, sums)
    return {
        "training windows, as they are read": read[::500],
        "logits": logits,
        "gradient of the positions": tf.convert_to_tensor(gradients[0]),
        "gradient of the query kernel": tf.reshape(gradients[1], (WIDTH, WIDTH)),
        "gradient of the last bias": gradients[2],
        "places that a changed letter 20 changes": np.flatnonzero(apart),
        "letters written, next to no temperature": letters(program, written),
        "learning rate after the training": np.float64(trained),
        "learning rates of 5 steps": np.float64(rates),
        "loss of 5 steps": np.float32(losses),
        "norm of the gradients that the first step used": np.float32(used),
        "weights that decay": np.array(decayed),
        "what a step without gradients leaves of a table": np.float64(kept),
        **result,
        "tables in the model, positions embedded in passing": np.array(
            len(in_passing.trainable_weights)
        ),
        "MultiheadAttention, lower triangle of True: a letter sees the past": np.array(
            not np.allclose(one, two)
        ),
        "MultiheadAttention, the causal flag needs a mask beside it": np.array(needs_mask),
        "attention drops weights in evaluation, too": np.array(
            not np.array_equal(*drops)
        ),
    }
