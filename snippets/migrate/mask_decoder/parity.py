"""Same weights: all outputs in each mode, every gradient, every weight after 5 steps."""

import warnings
from itertools import pairwise

import numpy as np

DIFFERENT = {
    "one mask from a new decoder, no mode asked for": "a new PyTorch module is in "
    "training mode and falls back to nothing; Keras infers unless training=True",
    "masks of a prompt, epsilons left at each default": "1e-5 in PyTorch's LayerNorm, 1e-3 in "
    "Keras' LayerNormalization",
    "masks of a prompt, attention called with query, key, value": "Keras' order is query, value, "
    "key, and the shapes are the same",
    "masks of a prompt, gelu by its default in ops and F": "keras.ops.gelu approximates by a tanh; "
    "F.gelu and keras.activations.gelu do not",
    "an option by position is refused": "Keras takes only tensors by position when a "
    "layer is called",
    "an index of two tensors is refused": "a tensor of TensorFlow takes numbers and "
    "slices",
    "unpacking a Sequential is refused": "Keras' has a list of layers, but is none",
    "an attribute called layers is refused": "keras.Model has a property of that name",
    "weights of a layer that holds a variable": "Keras counts its own variables, not "
    "a tf.Variable",
}
SIZE, HALF, HIDDEN = 16, 8, 32
THRESHOLD = 0.78  # of these random masks, two of three are as stable as that


def shapes():
    """PyTorch's names for the weights, with their shapes."""
    found = {
        "obj_score_token.weight": (1, SIZE),
        "iou_token.weight": (1, SIZE),
        "mask_tokens.weight": (4, SIZE),
    }

    def put(name, *shape, out=None):
        found[f"{name}.weight"] = shape
        found[f"{name}.bias"] = (out or shape[0],)

    def mlp(name, *sizes):
        for i, (one, other) in enumerate(pairwise(sizes)):
            put(f"{name}.layers.{i}", other, one)

    def attention(name, inner):
        for part in ("q_proj", "k_proj", "v_proj"):
            put(f"{name}.{part}", inner, SIZE)
        put(f"{name}.out_proj", SIZE, inner)

    for i in range(2):
        block = f"transformer.layers.{i}"
        attention(f"{block}.self_attn", SIZE)
        attention(f"{block}.cross_attn_token_to_image", HALF)
        attention(f"{block}.cross_attn_image_to_token", HALF)
        mlp(f"{block}.mlp", SIZE, HIDDEN, SIZE)
        for norm in ("norm1", "norm2", "norm3", "norm4"):
            put(f"{block}.{norm}", SIZE)
    attention("transformer.final_attn_token_to_image", HALF)
    put("transformer.norm_final_attn", SIZE)
    put("output_upscaling.0", SIZE, 4, 2, 2, out=4)
    put("output_upscaling.1", 4)
    put("output_upscaling.3", 4, 2, 2, 2, out=2)
    put("conv_s0", 2, SIZE, 1, 1)
    put("conv_s1", 4, SIZE, 1, 1)
    for i in range(4):
        mlp(f"output_hypernetworks_mlps.{i}", SIZE, SIZE, SIZE, 2)
    mlp("iou_prediction_head", SIZE, HIDDEN, HIDDEN, 4)
    mlp("pred_obj_score_head", SIZE, SIZE, SIZE, 1)
    return found


def inputs():
    rng = np.random.default_rng(1)
    given = {}
    for name, shape in shapes().items():
        value = rng.normal(0, 1, shape)
        if "token" in name.split(".")[0]:
            pass  # as nn.Embedding draws them
        elif len(shape) > 1:
            value /= np.sqrt(np.prod(shape[1:]))
        else:
            value = value / 10 + name.endswith("weight")  # a norm's is near 1
        given[name] = value.astype("float32")
    arrays = {
        "image": (3, 8, 8, SIZE),
        "position": (1, 8, 8, SIZE),
        "fine": (1, 16, 16, SIZE),
        "finer": (1, 32, 32, SIZE),
        "points": (3, 2, SIZE),
        "dense": (3, 8, 8, SIZE),
    }
    for name, shape in arrays.items():
        given[name] = rng.normal(0, 1, shape).astype("float32")
    return given


def named(prefix, outputs):
    """The four outputs of a prediction, each under a name."""
    names = ("masks", "IoU predictions", "mask tokens", "object scores")
    return {f"{prefix}: {name}": each for name, each in zip(names, outputs)}


def rows(prefix, state):
    """Some of the weights, or of their gradients, by name, and all of them in one row."""
    some = (
        "mask_tokens.weight",
        "transformer.layers.1.self_attn.q_proj.weight",
        "transformer.layers.1.cross_attn_image_to_token.out_proj.weight",
        "transformer.layers.0.norm1.weight",
        "output_upscaling.0.weight",
        "output_upscaling.1.weight",
        "conv_s0.weight",
    )
    found = {f"{prefix} {name}": state[name] for name in some}
    every = np.concatenate([state[name].ravel() for name in shapes()])
    return found | {f"{prefix} every weight": every}


def odd_masks():
    """Single masks that are stable, negative all over, unstable, just at the threshold."""
    masks = np.ones((4, 10, 10, 4), dtype="float32") * np.float32([1, 2, 3, 4])
    masks[1] *= -1
    masks[2, :5, :, 0] = 0.01
    masks[3, 0, :2, 0] = 0.01
    iou = np.float32([[0.9, 0.2, 0.4, 0.3]] * 4)
    iou[2:, 1] = 0.8
    return masks, iou


def raises(error, part, function, *arguments, **options):
    """Whether it raises this error; its message then has this part."""
    try:
        function(*arguments, **options)
    except error as raised:
        message = str(raised)
    else:
        return np.array(False)
    assert part in message, message
    return np.array(True)


def pytorch(program, given):
    import torch

    decoder, device = program.decoder, program.device
    asked = {name: torch.from_numpy(given[name]) for name in shapes()}
    decoder.load_state_dict(asked)  # strict: all of them, and no other
    threshold = decoder.dynamic_multimask_stability_thresh
    decoder.dynamic_multimask_stability_thresh = THRESHOLD

    def to_torch(array):
        if array.ndim == 4:
            array = np.ascontiguousarray(array.transpose(0, 3, 1, 2))
        return torch.from_numpy(array).to(device)

    images = to_torch(given["image"])
    program.image = images[:1]
    for name in ("position", "fine", "finer", "points", "dense"):
        setattr(program, name, to_torch(given[name]))

    def outputs(**options):
        masks, *others = program.predict(**options)
        return [masks.detach().permute(0, 2, 3, 1), *others]

    assert program.block.training  # a module that was told nothing
    decoder.train()
    new = outputs(multimask=False)
    decoder.eval()
    three, one = outputs(multimask=True), outputs(multimask=False)
    fell_back = (one[1] != new[1])[:, 0]
    assert sorted(fell_back.tolist()) == [False, False, True]
    program.image = images
    three_images = outputs(multimask=True, repeat_image=False)
    program.image = images[:1]
    decoder.dynamic_multimask_stability_thresh = threshold
    odd = decoder._dynamic_multimask_via_stability(*map(to_torch, odd_masks()))
    fixed = (program.image, program.position, program.points, program.dense)
    finer = [decoder.conv_s0(program.finer), decoder.conv_s1(program.fine)]
    iou, numbers, best = three[1], torch.arange(3), torch.tensor([0, 2, 1])

    class Held(torch.nn.Module):
        def __init__(self, name):
            super().__init__()
            setattr(self, name, torch.nn.Parameter(torch.ones(3)))

    decoder.train()
    weights = dict(decoder.named_parameters())
    # The loss leaves the single mask out.
    loss = program.loss_fn() + program.predict(multimask=False)[0].mean()
    found = torch.autograd.grad(loss, list(weights.values()))
    gradients = {n: each.cpu().numpy() for n, each in zip(weights, found)}
    losses = [program.train_step() for _ in range(5)]
    stepped = {n: w.detach().cpu().numpy() for n, w in weights.items()}
    return (
        {"weights": np.array(program.count(decoder))}
        | named("three masks", three)
        | named("one mask", one)
        | named("one mask in training", new)
        | named("three images", three_images)
        | {
            "fell back to the best of three": fell_back,
            "odd masks: the mask": odd[0].permute(0, 2, 3, 1),
            "odd masks: the IoU prediction": odd[1],
        }
        | rows("gradient of", gradients)
        | {"losses of 5 SGD steps": np.float32(losses)}
        | rows("after 5 steps:", stepped)
        | {
            "one mask from a new decoder, no mode asked for": new[0][-1],
            "masks of a prompt, epsilons left at each default": three[0][0],
            "masks of a prompt, attention called with query, key, value": three[0][0],
            "masks of a prompt, gelu by its default in ops and F": three[0][0],
            "an option by position is refused": raises(
                TypeError, "", decoder, *fixed, True, True, finer
            ),
            "an index of two tensors is refused": raises(
                TypeError, "", lambda: iou[numbers, best]
            ),
            "unpacking a Sequential is refused": raises(
                TypeError, "", lambda: list(decoder.output_upscaling)
            ),
            "an attribute called layers is refused": raises(
                AttributeError, "", Held, "layers"
            ),
            "weights of a layer that holds a variable": np.array(
                len(list(Held("table").parameters()))
            ),
        }
    )


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    decoder, predict = program.decoder, program.predict
    state = {name: given[name] for name in shapes()}
    images = tf.constant(given["image"])
    program.image = images[:1]
    for name in ("position", "fine", "finer", "points", "dense"):
        setattr(program, name, tf.constant(given[name]))

    # Carry the place of each number instead of the number: carrying back is then
    # putting everything at its place.
    ends = np.cumsum([array.size for array in state.values()])
    places = np.arange(ends[-1], dtype="float32")  # exact below 2 ** 24
    parts = zip(state.items(), np.split(places, ends[:-1]))
    program.carry({n: part.reshape(array.shape) for (n, array), part in parts})
    variables = decoder.trainable_variables
    places = np.concatenate([v.numpy().ravel() for v in variables]).astype(int)
    assert sorted(places) == list(range(ends[-1]))

    def to_torch(arrays):
        flat = np.empty(ends[-1], dtype="float32")
        flat[places] = np.concatenate([np.ravel(each) for each in arrays])
        parts = zip(state.items(), np.split(flat, ends[:-1]))
        return {n: part.reshape(array.shape) for (n, array), part in parts}

    program.carry(state)
    decoder.threshold = THRESHOLD
    three, one = predict(multimask=True), predict(multimask=False)
    new = predict(multimask=False, training=True)
    program.image = images
    three_images = predict(multimask=True, repeat_image=False)
    program.image = images[:1]
    fixed = (program.image, program.position, program.points, program.dense)
    finer = [decoder.conv_s0(program.finer), decoder.conv_s1(program.fine)]
    untold = decoder(*fixed, finer, multimask=False, repeat_image=True)
    odd = program.steady(*map(tf.constant, odd_masks()))

    iou, numbers, best = three[1], tf.range(3), tf.constant([0, 2, 1])

    class Held(keras.Model):
        def __init__(self, name):
            super().__init__()
            setattr(self, name, tf.Variable(tf.ones(3)))

    # A decoder from the config, called once, takes the saved weights.
    decoder.save_weights("saved.weights.h5")
    with warnings.catch_warnings():
        # Keras builds the transformer, which is built when it is called, below.
        warnings.filterwarnings("ignore", r".build\(\). was called", UserWarning)
        program.decoder = type(decoder).from_config(decoder.get_config())
    predict(multimask=True)
    program.decoder.load_weights("saved.weights.h5")
    assert np.array_equal(predict(multimask=True)[0], three[0])
    program.decoder = decoder

    norms = [each for _, each in program.named() if hasattr(each, "epsilon")]
    epsilons = [each.epsilon for each in norms]
    for each in norms:
        each.epsilon = keras.layers.LayerNormalization().epsilon
    default_epsilon = predict(multimask=True)[0][0]
    for each, epsilon in zip(norms, epsilons):
        each.epsilon = epsilon

    keras.activations.gelu, gelu = keras.ops.gelu, keras.activations.gelu
    default_gelu = predict(multimask=True)[0][0]
    keras.activations.gelu = gelu

    attention = keras.layers.MultiHeadAttention
    call = attention.call

    def swapped(self, query, value, key=None, **options):
        return call(self, query, value if key is None else key, value, **options)

    attention.call = swapped
    other_order = predict(multimask=True)[0][0]
    attention.call = call
    again = predict(multimask=True)[0]
    assert np.array_equal(again, three[0])  # all is as before

    with tf.GradientTape() as tape:
        masks = predict(multimask=False, training=True)[0]
        loss = program.loss_fn() + tf.reduce_mean(masks)
    gradients = to_torch(tape.gradient(loss, variables))
    # Trace anew: the traced step holds the program's own inputs.
    train_step = tf.function(program.train_step.python_function)
    losses = [train_step().numpy() for _ in range(5)]
    return (
        {"weights": np.array(decoder.count_params())}
        | named("three masks", three)
        | named("one mask", one)
        | named("one mask in training", new)
        | named("three images", three_images)
        | {
            "fell back to the best of three": (one[1] != new[1])[:, 0],
            "odd masks: the mask": odd[0],
            "odd masks: the IoU prediction": odd[1],
        }
        | rows("gradient of", gradients)
        | {"losses of 5 SGD steps": np.float32(losses)}
        | rows("after 5 steps:", to_torch(variables))
        | {
            "one mask from a new decoder, no mode asked for": untold[0][-1],
            "masks of a prompt, epsilons left at each default": default_epsilon,
            "masks of a prompt, attention called with query, key, value": other_order,
            "masks of a prompt, gelu by its default in ops and F": default_gelu,
            "an option by position is refused": raises(
                ValueError,
                "Only input tensors may be passed as positional arguments",
                decoder,
                *fixed,
                finer,
                True,
                True,
            ),
            "an index of two tensors is refused": raises(
                TypeError,
                "Only integers, slices",
                lambda: iou[numbers, best],
            ),
            "unpacking a Sequential is refused": raises(
                TypeError,
                "not iterable",
                lambda: list(program.head),
            ),
            "an attribute called layers is refused": raises(
                AttributeError, "layers", Held, "layers"
            ),
            "weights of a layer that holds a variable": np.array(
                len(Held("table").weights)
            ),
        }
    )
