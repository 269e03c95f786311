"""Forecast the sea's temperature next month from two years."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.linear_model import LinearRegression
from statsmodels.datasets import elnino
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% The series
table = elnino.load_pandas().data
years = table.pop("YEAR").to_numpy(dtype=int).repeat(12)
degrees = table.to_numpy(dtype="float32").ravel()
known = degrees[years <= 1985]  # training years only
mean, std = known.mean(), known.std()
series = (degrees - mean) / std
print(f"{len(series)} months, {years[0]} to {years[-1]}")
print(f"training: mean {mean:.1f}, deviation {std:.1f} degrees")

# %% Windows
windows = sliding_window_view(series, 25).copy()
x = windows[:, :24, None]  # (sample, time, feature)
y = windows[:, 24:]  # the month after: (sample, 1)
year = years[24:]  # of y
train = year <= 1985
val = (year > 1985) & (year <= 1996)
test = year > 1996
print("x", x.shape, " y", y.shape)
print(train.sum(), "train,", val.sum(), "val,", test.sum(), "test")


# %% Baselines
def mean_error(forecast, part):
    return float(std * np.abs(forecast - y[part]).mean())


linear = LinearRegression().fit(x[train, :, 0], y[train])


def baselines(part):
    return {
        "last month": x[part, -1],
        "a year before": x[part, -12],
        "linear regression": linear.predict(x[part, :, 0]),
    }


print("mean absolute error, 1986 to 1996")
for name, forecast in baselines(val).items():
    print(f"  {name}: {mean_error(forecast, val):.2f}")


# %% Model
class Forecaster(nn.Module):
    def __init__(self, units=16):
        super().__init__()
        self.lstm = nn.LSTM(1, units, batch_first=True)
        self.head = nn.Linear(units, 1)

    def forward(self, x):
        output, _ = self.lstm(x)  # of every step
        return x[:, -1] + self.head(output[:, -1])


model = Forecaster().to(device)
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
print(sum(p.numel() for p in model.lstm.parameters()), "in LSTM")


# %% Predict
@torch.inference_mode()
def predict(x):
    model.eval()
    return model(torch.from_numpy(x).to(device)).cpu().numpy()


print(f"untrained: {mean_error(predict(x[val]), val):.2f}")


# %% Train
def train_step(inputs, targets):
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()


train_set = TensorDataset(
    torch.from_numpy(x[train]), torch.from_numpy(y[train])
)
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
model.train()
for epoch in range(40):
    for inputs, targets in train_loader:
        train_step(inputs.to(device), targets.to(device))
print(f"1986 to 1996: {mean_error(predict(x[val]), val):.2f}")

# %% Test once
print("mean absolute error, 1997 to 2010")
for name, forecast in baselines(test).items():
    print(f"  {name}: {mean_error(forecast, test):.2f}")
forecast = predict(x[test])
naive = x[test, -1], x[test, -12]
baseline = min(mean_error(values, test) for values in naive)
error = mean_error(forecast, test)
print(f"  LSTM: {error:.2f}")

# %% Figure
months = np.arange(len(series))[24:] / 12 + years[0]
plt.figure(figsize=(6, 3.5))
plt.plot(months[test], degrees[24:][test], "k", label="observed")
plt.plot(months[test], mean + std * forecast, label="LSTM")
plt.plot(months[test], degrees[23:-1][test], ":", label="naive")
plt.gca().set(xlabel="year", ylabel="degrees", ylim=(17, 32))
plt.legend(loc="upper right", ncols=3)
plt.show()
