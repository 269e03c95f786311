"""Same weights, batches in order: what is read back from the logs of both."""

import numpy as np

DIFFERENT = {
    "batch_loss": "PyTorch logs what you pass, here the loss of the batch; Keras logs "
    "the mean since the epoch began",
    "tags of the training run": "Keras adds the learning rate and the model's "
    "structure, and names weights by layer",
    "tags of the validation run": "fit also logs each evaluation by optimizer step",
    "epoch_loss is read as": "SummaryWriter writes a simple value, tf.summary a tensor",
    "points of batch_loss kept by default": "EventAccumulator keeps 10,000 scalars of "
    "a tag, but 10 tensors",
    "buckets of a histogram": "PyTorch's limits grow by 10 % each; tf.summary makes 30 "
    "equal ones",
    "pictures kept of 8, by default": "add_images writes one that shows all; "
    "tf.summary.image writes 3 of them",
    "pixels of a grey ramp": "PyTorch truncates x * 255, TensorFlow x * 255.5",
}
KINDS = ("scalars", "histograms", "images", "tensors")


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.1, (64, 32)).astype("float32"),
        "b1": rng.normal(0, 0.1, 32).astype("float32"),
        "w2": rng.normal(0, 0.1, (32, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
        "ramp": np.linspace(0, 1, 64, dtype="float32").reshape(8, 8),
    }


def grey(encoded):
    import io

    import matplotlib.pyplot as plt

    picture = np.rint(plt.imread(io.BytesIO(encoded)) * 255).astype(int)
    return picture[..., 0] if picture.ndim == 3 else picture


def as_server(folder, tag):
    """Reads as TensorBoard's own code does, which turns all it finds into tensors."""
    from tensorboard.backend.event_processing import plugin_event_accumulator
    from tensorboard.util.tensor_util import make_ndarray

    run = plugin_event_accumulator.EventAccumulator(folder).Reload()
    values = [make_ndarray(p.tensor_proto) for p in run.Tensors(tag)]
    return np.array(values, "float32")


def by_default(folder, kind, tag):
    from tensorboard.backend.event_processing import event_accumulator

    run = event_accumulator.EventAccumulator(folder).Reload()
    return len(getattr(run, kind)(tag)) if tag in run.Tags()[kind.lower()] else 0


def results(program, kind):
    """What both read from the logs of two epochs, in folders train and validation."""
    train, val = program.read("proof/train"), program.read("proof/validation")
    (steps, losses), (_, val_losses) = (
        program.curve(run, "epoch_loss") for run in (train, val)
    )
    batches, batch_losses = program.curve(train, "batch_loss")

    def tags(run):
        found = run.Tags()
        return np.array(" ".join(sorted(tag for kind in KINDS for tag in found[kind])))

    return {
        "steps of epoch_loss": np.array(steps),
        "epoch_loss of training": np.array(losses, "float32"),
        "epoch_loss of validation": np.array(val_losses, "float32"),
        "epoch_loss, read as TensorBoard does": as_server("proof/train", "epoch_loss"),
        "steps of batch_loss": np.array(batches),
        "batch_loss": np.array(batch_losses, "float32"),
        "tags of the training run": tags(train),
        "tags of the validation run": tags(val),
        "epoch_loss is read as": np.array(
            [name for name in KINDS if "epoch_loss" in train.Tags()[name]]
        ),
        "points of batch_loss kept by default": np.array(
            by_default("proof/train", kind, "batch_loss")
        ),
    }


def pytorch(program, given):
    import torch
    from torch.utils.data import DataLoader

    model = program.model
    names = {"0.weight": "w1", "0.bias": "b1", "2.weight": "w2", "2.bias": "b2"}
    model.load_state_dict(
        {name: torch.from_numpy(given[key].T) for name, key in names.items()}
    )
    program.train_loader = DataLoader(program.train_set, batch_size=100)
    program.optimizer.state.clear()  # the shown optimizer, as it was at first
    logs = [program.SummaryWriter(f"proof/{run}") for run in ("train", "validation")]
    history = program.fit(*logs, epochs=2)
    for log in logs:
        log.close()
    found = results(program, "Scalars")
    again = [program.SummaryWriter(f"proof/{run}") for run in ("train", "validation")]
    program.fit(*again, epochs=2)
    for log in again:
        log.close()
    means = found["batch_loss"].reshape(2, -1)
    means = (means.cumsum(axis=1) / np.arange(1, 16)).ravel().astype("float32")

    log = program.SummaryWriter("more")
    log.add_scalar("scalar", 1.0, 0)
    before = by_default("more", "Scalars", "scalar")
    log.add_histogram("kernel", given["w1"], 0)
    log.add_histogram("kernel in 30", given["w1"], 0, bins=30)
    log.add_images("eight", np.tile(given["ramp"], (8, 1, 1, 1)), 0)
    log.add_image("ramp", given["ramp"][None], 0)
    log.flush()
    run = program.read("more")
    kernel = run.Histograms("kernel")[0].histogram_value
    equal = run.Histograms("kernel in 30")[0].histogram_value
    return {
        **found,
        "batch_loss as a running mean": means,
        "history is what was read": np.array_equal(
            found["epoch_loss of training"], np.float32(history["loss"])
        ),
        "steps after a second run into the folder": np.array(
            program.curve(program.read("proof/train"), "epoch_loss")[0]
        ),
        "points on disk before flush": np.array(before),
        "points on disk after flush": np.array(by_default("more", "Scalars", "scalar")),
        "numbers in a histogram": np.array(kernel.num),
        "ends of a histogram": np.array([kernel.min, kernel.max]),
        "buckets of a histogram": np.array(len(kernel.bucket)),
        "counts in 30 equal buckets": np.array(equal.bucket[1:]),
        "pictures kept of 8, by default": np.array(len(run.Images("eight"))),
        "pixels of a grey ramp": grey(run.Images("ramp")[0].encoded_image_string),
    }


def tensorflow(program, given):
    import functools

    import tensorflow as tf

    model = program.model
    model.get_layer("hidden").set_weights([given["w1"], given["b1"]])
    model.get_layer("out").set_weights([given["w2"], given["b2"]])
    again = type(model.optimizer).from_config(model.optimizer.get_config())
    model.compile(again, program.loss_fn)  # the shown optimizer, as it was at first
    model.fit = functools.partial(model.fit, shuffle=False)
    history = program.fit("proof", epochs=2)
    found = results(program, "Tensors")
    program.fit("proof", epochs=2)

    log = tf.summary.create_file_writer("more")
    with log.as_default(step=0):
        tf.summary.scalar("scalar", 1.0)
        before = by_default("more", "Tensors", "scalar")
        tf.summary.histogram("kernel", given["w1"])
        tf.summary.image("eight", np.tile(given["ramp"], (8, 1, 1))[..., None])
        tf.summary.image("ramp", given["ramp"][None, ..., None])
    log.flush()
    run = program.read("more")
    kernel = program.curve(run, "kernel")[1][0]
    return {
        **found,
        "batch_loss as a running mean": found["batch_loss"],
        "history is what was read": np.array_equal(
            found["epoch_loss of training"], np.float32(history["loss"])
        ),
        "steps after a second run into the folder": np.array(
            program.curve(program.read("proof/train"), "epoch_loss")[0]
        ),
        "points on disk before flush": np.array(before),
        "points on disk after flush": np.array(by_default("more", "Tensors", "scalar")),
        "numbers in a histogram": np.array(kernel[:, 2].sum()),
        "ends of a histogram": np.array([kernel[0, 0], kernel[-1, 1]]),
        "buckets of a histogram": np.array(len(kernel)),
        "counts in 30 equal buckets": kernel[:, 2],
        "pictures kept of 8, by default": np.array(
            len(program.curve(run, "eight")[1][0]) - 2  # width and height come first
        ),
        "pixels of a grey ramp": grey(program.curve(run, "ramp")[1][0][2]),
    }
