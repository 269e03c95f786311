"""Train a small transformer to write verse, letter by letter."""

# %% Setup
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
context, width, heads, steps = 32, 64, 4, 500

# %% Text
text = Path("shakespeare.txt").read_text("utf-8")
chars = sorted(set(text))
index = {char: n for n, char in enumerate(chars)}
ids = np.array([index[char] for char in text])
end = int(0.9 * len(ids))  # the last tenth is held out
train_ids, test_ids = ids[:end], ids[end:]
print(f"{len(text)} characters, {len(chars)} different ones")

# %% Windows
rng = np.random.default_rng(0)
starts = rng.integers(0, end - context, (steps * 32, 1))
train_windows = train_ids[starts + np.arange(context + 1)]
starts = np.arange(0, len(test_ids) - context, context)[:, None]
test_windows = test_ids[starts + np.arange(context + 1)]
train_loader = DataLoader(torch.from_numpy(train_windows), 32)
print("".join(chars[n] for n in train_windows[0]))

# %% Baseline
counts = np.ones((len(chars), len(chars)))
np.add.at(counts, (train_ids[:-1], train_ids[1:]), 1)
bigrams = counts / counts.sum(axis=1, keepdims=True)
before, after = test_windows[:, :-1], test_windows[:, 1:]
baseline = -np.log2(bigrams[before, after]).mean()
print(f"bigrams {baseline:.2f} bits a character")


# %% Decoder block
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.wide = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)

    def forward(self, x):
        qkv = self.qkv(self.norm1(x)).unflatten(2, (3, heads, -1))
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (batch, head, ...)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).flatten(2))
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))


# %% Model
class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(len(chars), width)
        self.position = nn.Embedding(context, width)
        nn.init.uniform_(self.token.weight, -0.05, 0.05)
        nn.init.uniform_(self.position.weight, -0.05, 0.05)
        self.block = Block()
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, len(chars))

    def forward(self, ids):
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.token(ids) + self.position(places)
        return self.head(self.norm(self.block(x)))


model = Transformer().to(device)
print(sum(p.numel() for p in model.parameters()), "weights")

# %% Optimizer
matrices = [p for p in model.parameters() if p.dim() > 1]
vectors = [p for p in model.parameters() if p.dim() == 1]
groups = [
    {"params": matrices},
    {"params": vectors, "weight_decay": 0},  # norms and biases
]
optimizer = torch.optim.AdamW(groups, lr=0.005, weight_decay=0.01)
warmup = lr_scheduler.LinearLR(optimizer, 0.1, total_iters=50)
decay = lr_scheduler.CosineAnnealingLR(optimizer, steps - 50)
scheduler = lr_scheduler.SequentialLR(
    optimizer, [warmup, decay], milestones=[50]
)


# %% Train
def train_step(model, optimizer, scheduler, inputs, targets):
    optimizer.zero_grad()
    logits = model(inputs).transpose(1, 2)
    loss = F.cross_entropy(logits, targets)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()
    scheduler.step()
    return loss.item()


model.train()
loss = 0
for step, windows in enumerate(train_loader, 1):
    inputs, targets = windows[:, :-1], windows[:, 1:]
    inputs, targets = inputs.to(device), targets.to(device)
    loss += train_step(model, optimizer, scheduler, inputs, targets)
    if step % 100 == 0:
        print(f"{loss / 100 / np.log(2):.1f} bits a character")
        loss = 0

# %% On held-out text
model.eval()
windows = torch.from_numpy(test_windows).to(device)
with torch.inference_mode():
    logits = model(windows[:, :-1]).transpose(1, 2)
    losses = F.cross_entropy(
        logits, windows[:, 1:], reduction="none"
    )
losses = losses.cpu().numpy() / np.log(2)
bits = losses.mean()
print(f"bigrams {baseline:.1f}, transformer {bits:.1f} bits")

# %% How context helps
plt.figure(figsize=(6, 3.5))
plt.plot(range(1, context + 1), losses.mean(axis=0))
plt.axhline(baseline, color="black", linestyle="--")
plt.legend(["transformer", "bigrams"])
plt.gca().set(xlabel="characters read", ylabel="bits a character")
plt.show()


# %% Write
@torch.inference_mode()
def generate(prompt, length, temperature):
    ids = torch.tensor([[index[char] for char in prompt]])
    ids = ids.to(device)
    for _ in range(length):
        logits = model(ids[:, -context:])[:, -1]
        probabilities = F.softmax(logits / temperature, dim=-1)
        next_id = torch.multinomial(probabilities, 1)
        ids = torch.cat([ids, next_id], dim=1)
    return "".join(chars[n] for n in ids[0])


for temperature in (0.5, 1.0):
    print(f"temperature {temperature}:")
    print(generate("ROMEO:\n", 80, temperature))
