"""Forecast next year's sunspots from the eleven years before."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.linear_model import LinearRegression
from statsmodels.datasets import sunspots
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% The series
data = sunspots.load_pandas().data
years = data["YEAR"].to_numpy(dtype=int)
counts = data["SUNACTIVITY"].to_numpy(dtype="float32")
known = counts[years <= 1908]  # training years only
mean, std = known.mean(), known.std()
series = (counts - mean) / std
print(f"{len(counts)} years, {years[0]} to {years[-1]}")
print(f"mean of the training years: {mean:.1f}")
print(f"mean of all years: {counts.mean():.1f}")

# %% Windows
windows = sliding_window_view(series, 12).copy()
x = windows[:, :11, None]  # (sample, time, feature)
y = windows[:, 11:]  # the year after: (sample, 1)
year = years[11:]  # of y
train = year <= 1908
val = (year > 1908) & (year <= 1948)
test = year > 1948
print("x", x.shape, " y", y.shape)
print(train.sum(), "train,", val.sum(), "val,", test.sum(), "test")


# %% Baselines
def error(forecast, part):
    return std * np.abs(forecast - y[part]).mean()


linear = LinearRegression().fit(x[train, :, 0], y[train])


def baselines(part):
    return {
        "last value": x[part, -1],
        "value of 11 years before": x[part, 0],
        "linear regression": linear.predict(x[part, :, 0]),
    }


print("mean absolute error, 1909 to 1948")
for name, forecast in baselines(val).items():
    print(f"  {name}: {error(forecast, val):.1f}")


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
    return model(torch.from_numpy(x).to(device)).cpu().numpy()


print(f"untrained: {error(predict(x[val]), val):.1f}")


# %% Train
def train_step(x, y):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()


pairs = torch.from_numpy(x[train]), torch.from_numpy(y[train])
dataset = TensorDataset(*(part.to(device) for part in pairs))
loader = DataLoader(dataset, batch_size=32, shuffle=True)
for epoch in range(30):
    for batch_x, batch_y in loader:
        train_step(batch_x, batch_y)
print(f"1909 to 1948: {error(predict(x[val]), val):.1f}")

# %% Test once
print("mean absolute error, 1949 to 2008")
for name, forecast in baselines(test).items():
    print(f"  {name}: {error(forecast, test):.1f}")
forecast = predict(x[test])
print(f"  LSTM: {error(forecast, test):.1f}")

# %% Figure
plt.figure(figsize=(6, 3.5))
plt.plot(year[test], counts[11:][test], "k", label="observed")
plt.plot(year[test], mean + std * forecast, label="LSTM")
plt.plot(year[test], mean + std * x[test, -1], ":", label="naive")
plt.gca().set(xlabel="year", ylabel="sunspots", ylim=(-5, 235))
plt.legend(loc="upper right", ncols=3)
plt.show()
