"""Train on digits, validate each epoch, test once at the end."""

# %% Setup
import matplotlib.pyplot as plt
import torch
from sklearn import metrics
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Three parts
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images / 16, dtype=torch.float32)
labels = torch.tensor(labels)
every = range(len(labels))
rest, test = train_test_split(every, test_size=297, random_state=0)
train, val = train_test_split(rest, test_size=300, random_state=0)
train_set = TensorDataset(images[train], labels[train])
val_set = TensorDataset(images[val], labels[val])
test_set = TensorDataset(images[test], labels[test])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
print(len(train), "train,", len(val), "val,", len(test), "test")

# %% Model
model = nn.Sequential(
    nn.Linear(64, 64),
    nn.ReLU(),
    nn.Dropout(0.5),
    nn.Linear(64, 10),
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(
    model.parameters(), lr=0.05, momentum=0.9
)

# %% Two modes
inputs = images[val].to(device)
print("a new model is in training mode:", model.training)
for training in (True, False):
    model.train(training)  # model.eval() is model.train(False)
    with torch.inference_mode():
        same = torch.equal(model(inputs), model(inputs))
    print(f"training={training}: two calls agree: {same}")


# %% Evaluate
@torch.inference_mode()
def evaluate(dataset, batch_size=256):
    model.eval()
    loss, correct = 0.0, 0
    for inputs, targets in DataLoader(dataset, batch_size):
        inputs, targets = inputs.to(device), targets.to(device)
        logits = model(inputs)
        loss += loss_fn(logits, targets).item() * len(targets)
        correct += (logits.argmax(dim=1) == targets).sum().item()
    return loss / len(dataset), correct / len(dataset)


loss, accuracy = evaluate(val_set)
print(f"untrained: loss {loss:.2f}  accuracy {accuracy:.2f}")


# %% Train and validate
def train_epoch(loader):
    model.train()
    total = 0.0
    for inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), targets)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(targets)
    return total / len(loader.dataset)


history = {"loss": [], "val_loss": []}
for epoch in range(15):
    history["loss"].append(train_epoch(train_loader))
    history["val_loss"].append(evaluate(val_set)[0])
for name, losses in history.items():
    print(f"{name}: {losses[0]:.2f} falls to {losses[-1]:.2f}")

# %% Learning curve
plt.figure(figsize=(6, 3.5))
plt.plot(range(1, 16), history["loss"], "--", label="training")
plt.plot(range(1, 16), history["val_loss"], label="validation")
plt.gca().set(xlabel="epoch", ylabel="loss", ylim=(0, 2.2))
plt.legend()
plt.show()

# %% What the training loss says
loss, _ = evaluate(train_set)
print(f"reported in the last epoch: {history['loss'][-1]:.3f}")
print(f"evaluated after it: {loss:.3f}")

# %% Test once
loss, accuracy = evaluate(test_set)
print(f"test: loss {loss:.2f}  accuracy {accuracy:.2f}")

# %% Which digits it confuses
model.eval()
with torch.inference_mode():
    predicted = model(images[test].to(device)).argmax(dim=1).cpu()
metrics.ConfusionMatrixDisplay.from_predictions(
    labels[test], predicted, cmap="Greys", colorbar=False
)
plt.show()

# %% Precision and recall
print(metrics.classification_report(labels[test], predicted))
