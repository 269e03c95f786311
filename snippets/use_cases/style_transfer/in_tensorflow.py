"""Give a photo the colours and textures of another one."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from skimage.exposure import match_histograms
from sklearn.datasets import load_sample_image

# No device to choose: TensorFlow uses a GPU if there is one.


# %% Two pictures
def picture(name):
    image = load_sample_image(name)[:384, 64:576] / 255
    return image.reshape(96, 4, 128, 4, 3).mean(axis=(1, 3))


content, style = picture("china.jpg"), picture("flower.jpg")
print(content.shape, style.shape)


# %% Fixed random features
def filters(seed):
    rng = np.random.default_rng(seed)
    bank = rng.normal(0, 1 / 12, (7, 7, 3, 48))
    return tf.constant(bank, tf.float32)


def features(x, bank):
    maps = []
    for _ in range(3):  # three sizes of the picture
        maps.append(tf.nn.relu(tf.nn.conv2d(x, bank, 1, "VALID")))
        x = tf.nn.avg_pool2d(x, 2, 2, "VALID")
    return maps


# %% Losses
def tensor(image):
    return tf.constant(image, tf.float32)[tf.newaxis]


def gram(maps):
    maps = tf.reshape(maps, (-1, maps.shape[3]))
    return tf.matmul(maps, maps, transpose_a=True) / len(maps)


def error(x, goal):
    off = tf.reduce_mean(tf.square(x - goal))
    return off / tf.reduce_mean(tf.square(goal))


def losses_by(bank):
    goals = [gram(m) for m in features(tensor(style), bank)]
    layout = features(tensor(content), bank)[2]

    def losses(x):
        maps = features(x, bank)
        styles = [error(gram(m), g) for m, g in zip(maps, goals)]
        return sum(styles), error(maps[2], layout)

    return losses


losses, other_losses = losses_by(filters(0)), losses_by(filters(1))


# %% Baselines
candidates = {
    "the photo": content,
    "half and half": (content + style) / 2,
    "histograms": match_histograms(content, style, channel_axis=2),
}


def report(name, image):
    image = tensor(image)
    (s, c), (unseen, _) = losses(image), other_losses(image)
    print(f"{name:14}{s:10.3f}{unseen:15.3f}{c:10.3f}")
    return float(unseen)


print(f"{'':14}{'style':>10}{'other filters':>15}{'content':>10}")
for name, image in candidates.items():
    report(name, image)

# %% Optimise the pixels
x = tf.Variable(tensor(content))
optimizer = keras.optimizers.Adam(learning_rate=0.03)


@tf.function
def step():
    with tf.GradientTape() as tape:
        style_loss, content_loss = losses(x)
        down = x[:, 1:] - x[:, :-1]
        across = x[:, :, 1:] - x[:, :, :-1]
        rough = tf.reduce_mean(down**2) + tf.reduce_mean(across**2)
        loss = style_loss + 0.3 * content_loss + rough
    optimizer.apply(tape.gradient(loss, [x]), [x])
    x.assign(tf.clip_by_value(x, 0, 1))
    return loss


for n in range(1, 121):
    loss = step()
    if n in (1, 10, 40, 120):
        print(f"step {n:3}  loss {loss.numpy():.2f}")

# %% Compare
result = x.numpy()[0]
baseline = report("histograms", candidates["histograms"])
held_out_loss = report("result", result)

# %% Look at them
panels = plt.subplots(1, 3, figsize=(6, 1.9))[1]
for panel, image in zip(panels, (content, style, result)):
    # Half the size and 16 levels: a small file is enough here.
    image = image.reshape(48, 2, 64, 2, 3).mean(axis=(1, 3))
    panel.imshow(np.round(image * 15) / 15, interpolation="none")
    panel.axis("off")
for panel, name in zip(panels, ("content", "style", "result")):
    panel.set_title(name)
plt.show()
