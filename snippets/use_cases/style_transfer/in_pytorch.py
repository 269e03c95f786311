"""Give a photo the colours and textures of another one."""

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


# %% Fixed random features
def filters(seed):
    rng = np.random.default_rng(seed)
    bank = rng.normal(0, 1 / 12, (7, 7, 3, 48))
    bank = torch.tensor(bank, dtype=torch.float32, device=device)
    return bank.permute(3, 2, 0, 1).contiguous()


def features(x, bank):
    maps = []
    for _ in range(3):  # three sizes of the picture
        maps.append(F.relu(F.conv2d(x, bank)))
        x = F.avg_pool2d(x, 2)
    return maps


# %% Losses
def tensor(image):
    x = torch.tensor(image, dtype=torch.float32, device=device)
    return x.permute(2, 0, 1)[None].contiguous()


def gram(maps):
    maps = maps.flatten(2)
    return maps @ maps.mT / maps.shape[2]


def error(x, goal):
    return F.mse_loss(x, goal) / goal.square().mean()


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
x = tensor(content).requires_grad_()
optimizer = torch.optim.Adam([x], lr=0.03)


def step():
    optimizer.zero_grad()
    style_loss, content_loss = losses(x)
    rough = sum(x.diff(dim=d).square().mean() for d in (2, 3))
    loss = style_loss + 0.3 * content_loss + rough
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        x.clamp_(0, 1)
    return loss


for n in range(1, 121):
    loss = step()
    if n in (1, 10, 40, 120):
        print(f"step {n:3}  loss {loss.item():.2f}")

# %% Compare
result = x.detach()[0].permute(1, 2, 0).cpu().numpy()
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
