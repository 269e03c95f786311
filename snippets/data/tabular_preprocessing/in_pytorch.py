"""Tell votes from a table: normalize, encode, train, save."""

# %% Setup
import torch
from sklearn.model_selection import train_test_split
from statsmodels.datasets import anes96
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Read the table
table = anes96.load_pandas().data
parties = "strong D,weak D,near D,neither,near R,weak R,strong R"
names = dict(enumerate(parties.split(",")))
table["party"] = table["PID"].map(names)
columns = ["age", "educ", "income"]
train, test = train_test_split(
    table, test_size=244, random_state=0
)
print(train[[*columns, "party", "vote"]].head(3))
baseline = max(test["vote"].mean(), 1 - test["vote"].mean())

# %% Normalize numbers
numbers = torch.tensor(train[columns].values).float()
mean = numbers.mean(dim=0)
std = numbers.std(dim=0, correction=0)
for name, m, s in zip(columns, mean, std):
    print(f"{name:6}  mean {m:5.2f}  deviation {s:5.2f}")

# %% Categories to integers
vocabulary = ["[UNK]", *train["party"].value_counts().index]
index = {name: i for i, name in enumerate(vocabulary)}


def encode(names):
    return torch.tensor([index.get(name, 0) for name in names])


print(encode(["weak D", "strong R"]).numpy(), end=" ")
print("of", len(vocabulary))

# %% An unknown category
print(encode(["weak D", "Green"]).numpy())


# %% Model
class Voter(nn.Module):
    def __init__(self, mean, std, categories):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)
        self.embedding = nn.Embedding(categories, 4)
        self.hidden = nn.Linear(3 + 4, 16)
        self.out = nn.Linear(16, 1)

    def forward(self, numbers, party):
        numbers = (numbers - self.mean) / self.std
        party = self.embedding(party)
        x = torch.cat([numbers, party], dim=1)
        return self.out(self.hidden(x).relu())


model = Voter(mean, std, len(vocabulary)).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.BCEWithLogitsLoss()


# %% Train
def tensors(table):
    numbers = torch.tensor(table[columns].values).float()
    votes = torch.tensor(table[["vote"]].values).float()
    return numbers, encode(table["party"]), votes


def train_step(numbers, party, votes):
    optimizer.zero_grad()
    loss = loss_fn(model(numbers, party), votes)
    loss.backward()
    optimizer.step()
    return loss


train_set = TensorDataset(*tensors(train))
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
model.train()
for epoch in range(10):
    for batch in train_loader:
        train_step(*(part.to(device) for part in batch))

# %% Test
numbers, party, votes = (each.to(device) for each in tensors(test))
model.eval()
with torch.inference_mode():
    logits = model(numbers, party)
accuracy = ((logits > 0) == votes).float().mean().item()
print(f"accuracy {accuracy:.2f}, always one answer {baseline:.2f}")

# %% Save with the model
kept = {"vocabulary": vocabulary, "weights": model.state_dict()}
torch.save(kept, "voter.pt")
kept = torch.load("voter.pt", map_location=device)
index = {name: i for i, name in enumerate(kept["vocabulary"])}
loaded = Voter(torch.zeros(3), torch.ones(3), len(index)).to(device)
loaded.load_state_dict(kept["weights"])
loaded.eval()
row = torch.tensor([[40.0, 5.0, 12.0]]), encode(["Green"])
row = [part.to(device) for part in row]
with torch.inference_mode():
    before, after = model(*row), loaded(*row)
print("the same for a row of raw values:", bool(before == after))
