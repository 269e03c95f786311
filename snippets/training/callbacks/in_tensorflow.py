"""Stop early, keep the best weights, act after each epoch."""

# %% Setup
import keras
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")
train_set = images[:200], labels[:200]
val_set = images[200:], labels[200:]

model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(10),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
model.compile(optimizer, loss_fn)


# %% Train and validate
def fit(epochs, callbacks):
    return model.fit(
        *train_set,
        batch_size=50,
        epochs=epochs,
        validation_data=val_set,
        callbacks=callbacks,
        verbose=0,
    )


def evaluate():
    return model.evaluate(*val_set, verbose=0)


# %% Stop early
stopping = keras.callbacks.EarlyStopping(
    monitor="val_loss", patience=5, restore_best_weights=True
)

# %% Save the best to disk
checkpoint = keras.callbacks.ModelCheckpoint(
    "best.keras", monitor="val_loss", save_best_only=True
)


# %% A callback of your own
class Report(keras.callbacks.Callback):
    def __init__(self, every):
        super().__init__()
        self.every = every

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            print(f"{epoch + 1}  val_loss {logs['val_loss']:.3f}")


# %% Train with all three
history = fit(60, [Report(every=5), stopping, checkpoint]).history
print("best epoch:", stopping.best_epoch + 1)  # it counts from 0
print(f"last:     {history['val_loss'][-1]:.3f}")
print(f"restored: {evaluate():.3f}")

# %% Load the best from disk
model = keras.saving.load_model("best.keras")
print(f"from disk: {evaluate():.3f}")
