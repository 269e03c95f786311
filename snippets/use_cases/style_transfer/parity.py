"""Same filters and pictures: losses, gradient of the pixels, steps of the shown optimizer, the result."""

import numpy as np

# Gram matrices sum 11,000 products an entry, and each Adam step divides by
# the root of a small gradient: both amplify rounding.
RTOL, ATOL = 1e-4, 1e-5

DIFFERENT = {
    "pixels after 5 Adam steps, default epsilon": "Keras adds epsilon before it corrects "
    "the bias, and some pixels' gradients are small enough to feel it",
    "changing the pixels in place raises": "autograd refuses to change a leaf in place; a "
    "tf.Variable takes any assignment",
}
START = slice(24, 40)


def inputs():
    rng = np.random.default_rng(0)
    return {"image": rng.random((96, 128, 3)), "start": rng.random((96, 128, 3))}


def raises(error, part, call):
    """Whether a call raises that error, with that in its message."""
    try:
        call()
    except error as problem:
        return part in str(problem)
    return False


def finals(program):
    """What came out, by the filters that were optimized and by the ones that were not."""
    result, rival = program.tensor(program.result), program.candidates["histograms"]
    rival = program.tensor(rival)
    found = {}
    for name, losses in {
        "": program.losses,
        ", held-out filters": program.held_out_losses,
    }.items():
        style, content = map(float, losses(result))
        rival_style, rival_content = map(float, losses(rival))
        found |= {
            f"style loss of histogram matching{name}": np.float32(rival_style),
            f"content loss of histogram matching{name}": np.float32(rival_content),
            f"style loss of the result{name}: below half of that": np.array(
                style < 0.5 * rival_style
            ),
            f"content loss of the result{name}: below that": np.array(
                content < rival_content
            ),
        }
    wrong = [name for name, value in found.items() if value.dtype == bool and not value]
    assert not wrong, wrong
    return found


def pytorch(program, given):
    import torch

    def last(images):
        return images.detach().permute(0, 2, 3, 1).cpu().numpy().copy()[0, START, START]

    found = finals(program)
    image = program.tensor(given["image"]).requires_grad_()
    style_loss, content_loss = program.losses(image)
    (gradient,) = torch.autograd.grad(style_loss + content_loss, image)
    shown, optimizer = program.image, program.optimizer

    def steps():
        with torch.no_grad():
            shown.copy_(program.tensor(given["start"]))
        optimizer.state.clear()
        losses = [program.train_step(shown, optimizer) for _ in range(5)]
        return np.float32(losses), last(shown)

    _, by_default = steps()
    optimizer.param_groups[0]["eps"] = 1e-14
    losses, pixels = steps()
    return {
        "style": np.float32(program.style[START, START]),
        "filters": np.float32(program.gabor_bank(22.5)),
        "style loss": style_loss,
        "content loss": content_loss,
        "gradient of the pixels, times 12,288": 12288 * last(gradient),
        "loss of 5 Adam steps": losses,
        "pixels after 5 Adam steps": pixels,
        "pixels after 5 Adam steps, default epsilon": by_default,
        "changing the pixels in place raises": np.array(
            raises(RuntimeError, "in-place operation", lambda: shown.clamp_(0, 1))
        ),
    } | found


def tensorflow(program, given):
    import tensorflow as tf

    found = finals(program)
    image = tf.Variable(program.tensor(given["image"]))
    with tf.GradientTape() as tape:
        style_loss, content_loss = program.losses(image)
        loss = style_loss + content_loss
    gradient = tape.gradient(loss, image)
    shown, optimizer = program.image, program.optimizer

    def steps():
        shown.assign(program.tensor(given["start"]))
        for variable in optimizer.variables:
            if "learning_rate" not in variable.path:
                variable.assign(tf.zeros_like(variable.value))
        # Trace anew: the traced function holds the old epsilon.
        step = tf.function(program.train_step.python_function)
        losses = [step(shown).numpy() for _ in range(5)]
        return np.float32(losses), shown.numpy()[0, START, START]

    _, by_default = steps()
    optimizer.epsilon = 1e-14
    losses, pixels = steps()

    def clamp():
        shown.assign(tf.clip_by_value(shown, 0, 1))

    return {
        "style": np.float32(program.style[START, START]),
        "filters": np.float32(program.gabor_bank(22.5)),
        "style loss": style_loss,
        "content loss": content_loss,
        "gradient of the pixels, times 12,288": 12288 * gradient.numpy()[0, START, START],
        "loss of 5 Adam steps": losses,
        "pixels after 5 Adam steps": pixels,
        "pixels after 5 Adam steps, default epsilon": by_default,
        "changing the pixels in place raises": np.array(
            raises((ValueError, TypeError, AttributeError), "", clamp)
        ),
    } | found
