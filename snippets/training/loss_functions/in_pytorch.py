"""A loss for each task: what goes in, what comes out."""

# %% Setup
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

# %% Two classes
logits = torch.tensor([[2.0], [-1.0], [0.5], [-3.0]])  # 4 samples
targets = torch.tensor([[1.0], [0.0], [0.0], [1.0]])
bce = nn.BCEWithLogitsLoss()
print(f"binary cross-entropy {bce(logits, targets):.3f}")

# %% Many classes
scores = torch.tensor([[2.0, 0.5, 0], [0, 1, 3], [1, 1, 1]])
labels = torch.tensor([0, 1, 2])
cross_entropy = nn.CrossEntropyLoss()
print(f"cross-entropy {cross_entropy(scores, labels):.3f}")
twice = cross_entropy(scores.softmax(dim=1), labels)
print(f"softmax twice {twice:.3f}")

# %% Several labels at once
tag_scores = torch.tensor([[2.0, -1, 0.5], [-2, 1.5, -1]])
tags = torch.tensor([[1.0, 0, 1], [0, 0, 1]])
rare = torch.tensor([1.0, 1.0, 5.0])  # a missed tag 2 costs more
weighted_bce = nn.BCEWithLogitsLoss(pos_weight=rare)
print(f"each tag alike {bce(tag_scores, tags):.3f}")
print(f"rare tag times 5 {weighted_bce(tag_scores, tags):.3f}")

# %% Ignore and smooth
padded = torch.tensor([0, 1, -100])  # the last is padding
smooth = nn.CrossEntropyLoss(label_smoothing=0.1)
print(f"without padding {cross_entropy(scores, padded):.3f}")
print(f"smoothed {smooth(scores, labels):.3f}")

# %% Weight classes
class_weights = torch.tensor([1.0, 2.0, 10.0])
weighted_mean = nn.CrossEntropyLoss(weight=class_weights)
each = F.cross_entropy(scores, labels, reduction="none")
per_sample = (each * class_weights[labels]).mean()
print(f"by sum of weights {weighted_mean(scores, labels):.3f}")
print(f"by number of samples {per_sample:.3f}")

# %% Regression
errors = torch.linspace(-3, 3, 61)
curves = {
    "squared": nn.MSELoss(reduction="none"),
    "absolute": nn.L1Loss(reduction="none"),
    "Huber": nn.HuberLoss(delta=1.0, reduction="none"),
}
plt.figure(figsize=(5, 3))
for name, loss_fn in curves.items():
    values = loss_fn(errors, torch.zeros(61))
    plt.plot(errors, values, label=name)
plt.gca().set(xlabel="prediction - target", ylim=(0, 5))
plt.legend()
plt.show()

# %% Reduce
predictions = torch.tensor([[1.0, 2.0], [3.0, 9.0]])
truth = torch.tensor([[1.0, 1.0], [3.0, 3.0]])
for reduction in "none", "sum", "mean":
    loss = nn.MSELoss(reduction=reduction)(predictions, truth)
    print(reduction, loss.tolist())


# %% A loss of your own
def focal_loss(logits, targets, gamma=2.0):
    losses = F.binary_cross_entropy_with_logits(
        logits, targets, reduction="none"
    )
    missed = 1 - torch.exp(-losses)  # 1 minus p of what happened
    return (missed**gamma * losses).mean()


print(f"focal loss {focal_loss(logits, targets):.3f}")
