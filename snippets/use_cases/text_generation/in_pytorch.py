"""Train a small transformer to write English, letter by letter."""

# %% Setup
from pydoc_data.topics import topics

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
context = 32

# %% Text
paragraphs = "\n\n".join(topics.values()).split("\n\n")
prose = [p for p in paragraphs if p[:1].isupper() and p[-1] == "."]
prose = [" ".join(p.split()).lower() for p in prose]
text = "\n".join(dict.fromkeys(prose))  # each paragraph once
chars = sorted(set(text))
codes = np.array([chars.index(char) for char in text])
split = int(0.9 * len(codes))
train, test = codes[:split], codes[split:]
print(f"{len(text)} characters, {len(chars)} different ones")

# %% Windows
rng = np.random.default_rng(0)
starts = rng.integers(0, len(train) - context, 500 * 32)
windows = train[starts[:, None] + np.arange(context + 1)]
starts = np.arange(0, len(test) - context, context)
unseen = test[starts[:, None] + np.arange(context + 1)]
print(repr("".join(chars[code] for code in windows[0])))

# %% Baseline
counts = np.ones((len(chars), len(chars)))
np.add.at(counts, (train[:-1], train[1:]), 1)
bigram = counts / counts.sum(axis=1, keepdims=True)
baseline = -np.log2(bigram[unseen[:, :-1], unseen[:, 1:]]).mean()
print(f"bigrams {baseline:.2f} bits a character")


# %% Model
class Writer(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(len(chars), 64)
        self.position = nn.Embedding(context, 64)
        self.block = nn.TransformerEncoderLayer(
            64, 4, 256, dropout=0, norm_first=True, batch_first=True
        )
        self.norm = nn.LayerNorm(64)
        self.head = nn.Linear(64, len(chars))
        for weight in self.parameters():
            if weight.dim() > 1:
                nn.init.normal_(weight, std=0.05)

    def forward(self, codes):
        length = codes.shape[1]
        x = self.token(codes) + self.position.weight[:length]
        # True blocks: nobody sees what comes later.
        mask = torch.ones(length, length, device=x.device).triu(1)
        x = self.block(x, src_mask=mask.bool(), is_causal=True)
        return self.head(self.norm(x))


model = Writer().to(device)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.005)
print(sum(w.numel() for w in model.parameters()), "weights")


# %% Train
def losses(windows):
    logits = model(windows[:, :-1]).transpose(1, 2)
    return F.cross_entropy(logits, windows[:, 1:], reduction="none")


def train_step(batch):
    optimizer.zero_grad()
    loss = losses(batch).mean()
    loss.backward()
    optimizer.step()
    return loss.detach()


for part in np.split(windows, 5):
    batches = torch.from_numpy(part).to(device).split(32)
    loss = sum(map(train_step, batches)) / len(batches)
    print(f"loss {loss / np.log(2):.1f} bits a character")

# %% On unseen text
with torch.no_grad():
    held_out = losses(torch.from_numpy(unseen).to(device)).cpu()
held_out = held_out.numpy() / np.log(2)
print(f"bigrams {baseline:.1f} bits a character")
bits = held_out.mean()
print(f"transformer {bits:.1f} bits a character")

# %% How context helps
plt.figure(figsize=(6, 3.5))
plt.plot(range(1, context + 1), held_out.mean(axis=0))
plt.axhline(baseline, color="black", linestyle="--")
plt.legend(["transformer", "bigrams"])
plt.gca().set(xlabel="characters seen", ylabel="bits a character")
plt.ylim(1.5, 4.5)
plt.show()


# %% Write
@torch.no_grad()
def generate(prompt, length, temperature):
    rng = np.random.default_rng(0)
    codes = [chars.index(char) for char in prompt]
    for _ in range(length):
        seen = torch.tensor([codes[-context:]], device=device)
        logits = model(seen)[0, -1].cpu().numpy()
        # Gumbel noise makes argmax a draw from the softmax.
        noise = temperature * rng.gumbel(size=len(chars))
        codes.append(int((logits + noise).argmax()))
    return "".join(chars[code] for code in codes)


for temperature in (0, 0.7):
    print(f"{temperature:3}:", generate("the ", 50, temperature))
