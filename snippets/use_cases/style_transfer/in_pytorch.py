"""Give a photo the colors and textures of another one."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
from skimage.exposure import match_histograms
from sklearn.datasets import load_sample_image
from torch.nn import functional as F

device = "cuda" if torch.cuda.is_available() else "cpu"


# %% Two pictures
def picture(name):
    image = load_sample_image(name)[:384, 64:576] / 255
    return image.reshape(96, 4, 128, 4, 3).mean(axis=(1, 3))


content, style = picture("china.jpg"), picture("flower.jpg")
print(content.shape, style.shape)


# %% Gabor filters
def gabor_bank(first_angle):
    y, x = np.mgrid[-3:4, -3:4]
    window = np.exp(-(x**2 + y**2) / 8)
    kernels = [window]  # plain color; the others are waves in it
    for angle in np.deg2rad(first_angle + np.arange(0, 360, 45)):
        along = 2 * np.pi * (x * np.cos(angle) + y * np.sin(angle))
        kernels += [window * np.cos(along / 4 + np.pi / 4)]
    kernels = [kernel / abs(kernel).sum() for kernel in kernels]
    bank = np.einsum("khw,io->hwiko", kernels, np.eye(3))
    return bank.reshape(7, 7, 3, -1)  # each kernel on each color


def features(images, bank):
    maps = []
    for _ in range(3):  # three sizes of the picture
        maps.append(F.conv2d(images, bank))
        images = F.avg_pool2d(images, 2)
    return [F.relu(each) for each in maps]


# %% Losses
def tensor(image):
    image = torch.tensor(image, dtype=torch.float32, device=device)
    return image.permute(2, 0, 1)[None].contiguous()


def gram(maps):
    maps = maps.flatten(2)
    return maps @ maps.mT / maps.shape[2]


def relative_error(values, goal):
    return F.mse_loss(values, goal) / goal.square().mean()


def losses_by(bank):
    bank = torch.tensor(bank, dtype=torch.float32, device=device)
    bank = bank.permute(3, 2, 0, 1).contiguous()
    goals = [gram(maps) for maps in features(tensor(style), bank)]
    layout = features(tensor(content), bank)[2]

    def losses(images):
        maps = features(images, bank)
        grams = [gram(each) for each in maps]
        styles = map(relative_error, grams, goals)
        return sum(styles), relative_error(maps[2], layout)

    return losses


losses = losses_by(gabor_bank(0))
held_out_losses = losses_by(gabor_bank(22.5))

# %% Baselines
candidates = {
    "the photo": content,
    "half and half": (content + style) / 2,
    "histograms": match_histograms(content, style, channel_axis=2),
}


def report(name, image):
    image = tensor(image)
    style_loss, content_loss = losses(image)
    held_out, _ = held_out_losses(image)
    print(f"{name:14}{style_loss:9.3f}{held_out:9.3f}", end="")
    print(f"{content_loss:9.3f}")
    return float(held_out)


print(f"{'':14}{'style':>9}{'held out':>9}{'content':>9}")
for name, image in candidates.items():
    report(name, image)

# %% Optimize the pixels
image = tensor(content).requires_grad_()
optimizer = torch.optim.Adam([image], lr=0.03)


def train_step(image, optimizer):
    optimizer.zero_grad()
    style_loss, content_loss = losses(image)
    rough = sum(image.diff(dim=d).square().mean() for d in (2, 3))
    loss = style_loss + 0.3 * content_loss + rough
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        image.clamp_(0, 1)
    return loss.item()


for step in range(1, 121):
    loss = train_step(image, optimizer)
    if step in (1, 10, 40, 120):
        print(f"step {step:3}  loss {loss:.2f}")

# %% Compare
result = image.detach()[0].permute(1, 2, 0).cpu().numpy()
baseline = report("histograms", candidates["histograms"])
held_out_loss = report("result", result)

# %% Look at them
figure, axes = plt.subplots(1, 3, figsize=(6, 1.9))
pictures = {"content": content, "style": style, "result": result}
for axis, (name, pixels) in zip(axes, pictures.items()):
    # Half the size and 16 levels: a small file is enough here.
    pixels = pixels.reshape(48, 2, 64, 2, 3).mean(axis=(1, 3))
    axis.imshow(np.round(pixels * 15) / 15, interpolation="none")
    axis.set_title(name)
    axis.axis("off")
plt.show()
