"""Change the learning rate: warm-up, cosine, plateau."""

# %% Setup
import keras
import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")
train_set = images[:1280], labels[:1280]
val_set = images[1280:], labels[1280:]
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)


# %% Warm-up, then cosine
def build(optimizer):
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(10)]
    )
    model.compile(optimizer, loss_fn)
    return model


schedule = keras.optimizers.schedules.CosineDecay(
    initial_learning_rate=0.002,
    warmup_target=0.02,
    warmup_steps=20,
    decay_steps=80,  # after the warm-up
    alpha=0.01,  # down to 0.01 * 0.02
)


# %% Train with it
class RateLog(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.rates = []

    def on_train_batch_begin(self, batch, logs=None):
        rate = self.model.optimizer.learning_rate
        self.rates.append(float(rate))


def train(epochs, callback):
    history = model.fit(
        *train_set,
        batch_size=64,
        epochs=epochs,
        validation_data=val_set,
        callbacks=[callback],
        verbose=0,
    )
    return history.history


model = build(keras.optimizers.Adam(schedule))
rate_log = RateLog()
history = train(2, rate_log)
rates = rate_log.rates
print(*(f"{rate:.4f}" for rate in rates[::5]))
print(f"validation loss {history['val_loss'][-1]:.3f}")

# %% Resume
model.save("checkpoint.keras")

model = keras.saving.load_model("checkpoint.keras")
step = int(model.optimizer.iterations)
loss = model.evaluate(*val_set, verbose=0)
print(f"step {step}  loss {loss:.3f}")
history = train(3, rate_log)
rates += rate_log.rates
print(*(f"{rate:.4f}" for rate in rates[40::10]))
print(f"validation loss {history['val_loss'][-1]:.3f}")

# %% Draw the rates
plt.figure(figsize=(6, 3))
plt.plot(rates)
plt.gca().set(xlabel="step", ylabel="learning rate")
plt.show()

# %% Reduce on a plateau
model = build(keras.optimizers.Adam(learning_rate=1.0))
plateau = keras.callbacks.ReduceLROnPlateau(
    "val_loss", factor=0.1, patience=2
)
history = train(15, plateau)
pairs = zip(history["learning_rate"], history["val_loss"])
for epoch, (rate, val_loss) in enumerate(pairs, start=1):
    print(f"{epoch:2}  rate {rate:.3f}  loss {val_loss:.3f}")
