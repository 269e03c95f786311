"""Same tokens and weights: outputs, weights, gradients, and what masks and empty rows do."""

import numpy as np

# An entry of the gradient of a kernel is what is left of products up to a hundred
# times as large: with other kernels, as oneDNN's left out, 1.4e-5 apart.
RTOL, ATOL = 1.3e-6, 4e-5

DIFFERENT = {
    "axes of the weights that the layer gives by default": "PyTorch averages over the "
    "heads; Keras has an axis for them",
    "True in the layer's mask lets a query see": "attn_mask says what is kept from "
    "seeing; attention_mask says what is seen",
    "the third argument of the layer is the value": "PyTorch takes query, key, value; "
    "Keras query, value, key",
    "function, a query that sees nothing": "PyTorch gives zeros; Keras' mask is a very "
    "negative number, the same for all keys, so it gives the mean",
    "layer as it comes, a query that sees nothing, is finite": "PyTorch's weights are "
    "0 divided by 0; Keras gives the mean",
    "layer asked for weights, a query that sees nothing, is zero": "PyTorch gives NaN; "
    "Keras' softmax with a mask ends in zeros",
    "one key head for all heads of queries runs": "Keras on TensorFlow repeats key heads "
    "only if there are two or more",
    "a flash kernel can be asked for": "on TensorFlow Keras raises: its function "
    "computes the whole matrix of scores",
}


def inputs():
    rng = np.random.default_rng(1)
    return {
        "qkv": rng.normal(size=(3, 2, 4, 6, 8)).astype("float32"),
        "direction": rng.normal(size=(2, 4, 6, 8)).astype("float32"),
        "to": rng.normal(size=(2, 6, 32)).astype("float32"),
        "other": rng.normal(size=(2, 6, 32)).astype("float32"),
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


def of_the_run(program):
    """What the cells computed, as arrays."""
    names = ("fused", "hidden", "padded", "grouped", "weights")
    return {f"{name} of the run": getattr(program, name) for name in names}


def of_masks(attend, x, other):
    """What the program's masks keep from the layer, for any layer of two arguments."""
    output = attend(x)
    later = np.concatenate([x[:, :3], other[:, 3:]], axis=1)
    padding = np.stack([x[0], np.concatenate([x[1, :4], other[1, 4:]])])
    return {
        "the first 3 tokens see none of the others": np.allclose(
            attend(later)[:, :3], output[:, :3], atol=1e-5
        ),
        "the fourth token sees a change": not np.allclose(
            attend(later)[:, 3], output[:, 3], atol=1e-2
        ),
        "nobody sees the padding": np.allclose(
            attend(padding)[1, :4], output[1, :4], atol=1e-5
        ),
    }


def pytorch(program, given):
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel

    fused, layer, x = program.F.scaled_dot_product_attention, program.layer, program.x
    qkv = torch.from_numpy(given["qkv"]).requires_grad_()
    direction, to = torch.from_numpy(given["direction"]), torch.from_numpy(given["to"])
    other = torch.from_numpy(given["other"])
    every = program.causal & program.mask
    by_hand, weights = program.attention(*qkv, every)
    output = fused(*qkv, attn_mask=every)
    (gradient,) = torch.autograd.grad((by_hand * direction).sum(), qkv)
    (gradient_fused,) = torch.autograd.grad((output * direction).sum(), qkv)
    masks = {"attn_mask": ~program.causal, "key_padding_mask": ~program.valid}
    of_layer, of_heads = layer(x, x, x, **masks, average_attn_weights=False)
    (of_layer * to).sum().backward()
    first = layer.in_proj_weight.grad[:32].T

    nothing = torch.zeros(2, 1, 1, 6, dtype=torch.bool)

    def alone(seen, **options):
        return layer(x, x, x, key_padding_mask=~seen, **options)[0].detach()

    def flash():
        with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
            fused(*qkv)

    def attend(x):
        x = torch.as_tensor(x)
        return layer(x, x, x, **masks)[0].detach().numpy()

    seen = layer(x, x, x, attn_mask=program.causal)[1].detach()
    shifted = [layer(x, x, third)[1].detach() for third in (x, other)]
    return {
        **of_the_run(program),
        "by hand: output, both masks": by_hand,
        "by hand: weights, both masks": weights,
        "by hand: gradient of query, key and value": gradient,
        "function: output, both masks": output,
        "function: gradient of query, key and value": gradient_fused,
        "layer: output without a mask": layer(x, x, x)[0],
        "layer: output with both masks": of_layer,
        "layer: weights of each head": of_heads,
        "layer: mean of the weights": layer(x, x, x, **masks)[1],
        "layer: gradient of the query's kernel": first,
        "layer: keys and values from elsewhere": layer(x, other, to)[0],
        **of_masks(attend, x.numpy(), given["other"]),
        "layer asked for no weights, a query that sees nothing, is finite": bool(
            alone(nothing[:, 0, 0], need_weights=False).isfinite().all()
        ),
        "axes of the weights that the layer gives by default": layer(x, x, x)[1].ndim,
        "True in the layer's mask lets a query see": bool(seen[0, 1, 0] > 0),
        "the third argument of the layer is the value": bool(torch.equal(*shifted)),
        "function, a query that sees nothing": fused(*qkv, attn_mask=nothing),
        "layer as it comes, a query that sees nothing, is finite": bool(
            alone(nothing[:, 0, 0]).isfinite().all()
        ),
        "layer asked for weights, a query that sees nothing, is zero": bool(
            (alone(nothing[:, 0, 0], need_weights=True) == 0).all()
        ),
        "one key head for all heads of queries runs": works(
            lambda: fused(qkv[0], *qkv[1:, :, :1], enable_gqa=True), RuntimeError, "size"
        ),
        "a flash kernel can be asked for": works(flash, RuntimeError, "No available"),
    }


def tensorflow(program, given):
    import tensorflow as tf

    fused, layer, x = program.ops.dot_product_attention, program.layer, program.x
    last, other = program.heads_last, given["other"]
    qkv = tf.constant(given["qkv"])
    every = program.causal & program.mask
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(qkv)
        by_hand, weights = program.attention(*tf.unstack(qkv), every)
        output = last(fused(*map(last, tf.unstack(qkv)), mask=every))
        loss = tf.reduce_sum(by_hand * given["direction"])
        loss_fused = tf.reduce_sum(output * given["direction"])
    masks = {"attention_mask": program.valid[:, None, :], "use_causal_mask": True}
    kernel = layer.query_dense.kernel.value
    with tf.GradientTape() as layer_tape:
        of_layer, of_heads = layer(x, x, return_attention_scores=True, **masks)
        layer_loss = tf.reduce_sum(of_layer * given["to"])

    nothing = tf.zeros((2, 1, 1, 6), bool)
    keys_first = [last(part) for part in tf.unstack(qkv)]

    def alone(seen, **options):
        return layer(x, x, attention_mask=seen, **options)

    def scores(*arguments, **options):
        return layer(*arguments, return_attention_scores=True, **options)[1].numpy()

    seen = scores(x, x, attention_mask=program.causal[None])
    shifted = [scores(x, x, third) for third in (x, other)]
    one = [part[:, :, :1] for part in keys_first[1:]]
    return {
        **of_the_run(program),
        "by hand: output, both masks": by_hand,
        "by hand: weights, both masks": weights,
        "by hand: gradient of query, key and value": tape.gradient(loss, qkv),
        "function: output, both masks": output,
        "function: gradient of query, key and value": tape.gradient(loss_fused, qkv),
        "layer: output without a mask": layer(x, x),
        "layer: output with both masks": of_layer,
        "layer: weights of each head": of_heads,
        "layer: mean of the weights": scores(x, x, **masks).mean(axis=1),
        "layer: gradient of the query's kernel": tf.reshape(
            layer_tape.gradient(layer_loss, kernel), (32, 32)
        ),
        "layer: keys and values from elsewhere": layer(x, value=given["to"], key=other),
        **of_masks(lambda x: layer(x, x, **masks).numpy(), x, other),
        "layer asked for no weights, a query that sees nothing, is finite": np.all(
            np.isfinite(alone(nothing[:, 0], return_attention_scores=False))
        ),
        "axes of the weights that the layer gives by default": scores(x, x).ndim,
        "True in the layer's mask lets a query see": bool(seen[0, 0, 1, 0] > 0),
        "the third argument of the layer is the value": np.array_equal(*shifted),
        "function, a query that sees nothing": last(fused(*keys_first, mask=nothing)),
        "layer as it comes, a query that sees nothing, is finite": np.all(
            np.isfinite(alone(nothing[:, 0]))
        ),
        "layer asked for weights, a query that sees nothing, is zero": not np.any(
            alone(nothing[:, 0], return_attention_scores=True)[0]
        ),
        "one key head for all heads of queries runs": works(
            lambda: fused(keys_first[0], *one), tf.errors.InvalidArgumentError, "dimension"
        ),
        "a flash kernel can be asked for": works(
            lambda: fused(*keys_first, flash_attention=True),
            ValueError,
            "not supported in tensorflow backend",
        ),
    }
