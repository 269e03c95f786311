"""Forecast next year's sunspots from the eleven years before."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.linear_model import LinearRegression
from statsmodels.datasets import sunspots

keras.utils.set_random_seed(0)

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
inputs = keras.Input((11, 1))
lstm = keras.layers.LSTM(16)
head = keras.layers.Dense(1)
outputs = inputs[:, -1] + head(lstm(inputs))  # of the last step
model = keras.Model(inputs, outputs)
loss_fn = keras.losses.MeanSquaredError()
optimizer = keras.optimizers.Adam(learning_rate=0.01)
model.compile(optimizer, loss_fn)
print(lstm.count_params(), "in LSTM")


# %% Predict
def predict(x):
    return model.predict(x, verbose=0)


print(f"untrained: {error(predict(x[val]), val):.1f}")

# %% Train
model.fit(x[train], y[train], batch_size=32, epochs=30, verbose=0)
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
