"""Measure a classifier over batches: accuracy, F1, top-k, AUC."""

# %% Setup
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# %% Logits in batches
images, labels = load_digits(return_X_y=True)
model = LogisticRegression(max_iter=1000)
model.fit(images[:100] / 16, labels[:100])
labels = torch.tensor(labels[100:])
logits = model.decision_function(images[100:] / 16)
logits = torch.tensor(logits, dtype=torch.float32)
test_set = TensorDataset(logits, labels)
test_loader = DataLoader(test_set, batch_size=32)
print(len(labels), "digits in", len(test_loader), "batches")


# %% The mean of batches
def confusion(outputs, targets, classes=10):
    """Counts: true classes in rows, predicted in columns."""
    pairs = targets * classes + outputs.argmax(dim=1)
    counts = torch.bincount(pairs, minlength=classes**2)
    return counts.reshape(classes, classes)


def f1_scores(counts):
    both = counts.sum(dim=0) + counts.sum(dim=1)
    return 2 * counts.diag() / both.clamp(min=1)


by_batch = [f1_scores(confusion(*batch)) for batch in test_loader]
f1_of_batches = torch.stack(by_batch).mean()
print(f"macro F1, mean of batches: {f1_of_batches:.3f}")

# %% Update, then compute
counts = torch.zeros(10, 10, dtype=torch.int64)
for outputs, targets in test_loader:
    counts += confusion(outputs, targets)
accuracy = counts.diag().sum() / counts.sum()
macro_f1 = f1_scores(counts).mean()
print(f"accuracy {accuracy:.3f}  macro F1 {macro_f1:.3f}")

# %% Macro and micro
per_class = f1_scores(counts)
worst = per_class.argmin()
micro_f1 = counts.diag().sum() / counts.sum()  # is accuracy here
print(f"lowest F1: {per_class[worst]:.3f}, of the {worst}")
print(f"macro {per_class.mean():.3f}  micro {micro_f1:.3f}")

# %% Top k
hits = 0
for outputs, targets in test_loader:
    top = outputs.topk(3).indices
    hits += (top == targets[:, None]).any(dim=1).sum()
top_3 = hits / len(test_set)
print(f"among the three best: {top_3:.3f}")

# %% AUC over all
scores = [x.softmax(dim=1)[:, 8] for x, _ in test_loader]
eights = [targets == 8 for _, targets in test_loader]
auc = roc_auc_score(torch.cat(eights), torch.cat(scores))
print(f"AUC of the eights: {auc:.3f}")


# %% A metric of your own
class BalancedAccuracy(nn.Module):
    """The mean of the classes' recalls."""

    def __init__(self, classes):
        super().__init__()
        counts = torch.zeros(classes, classes, dtype=torch.int64)
        self.register_buffer("counts", counts)  # follows to()

    def update(self, outputs, targets):
        classes = len(self.counts)
        self.counts += confusion(outputs, targets, classes)

    def compute(self):
        recalls = self.counts.diag() / self.counts.sum(dim=1)
        return recalls.nanmean()  # 0/0 where a class is absent

    def reset(self):
        self.counts.zero_()


balanced = BalancedAccuracy(10)
for outputs, targets in test_loader:
    balanced.update(outputs, targets)
balanced_accuracy = balanced.compute()
balanced.reset()
print(f"balanced accuracy {balanced_accuracy:.3f}")
