"""Choose an optimizer: what decays, two rates, Muon."""

# %% Setup
import keras
import numpy as np
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)


def build():
    return keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(32),
        keras.layers.LayerNormalization(epsilon=1e-5),
        keras.layers.ReLU(),
        keras.layers.Dense(10, name="head"),
    ])


def train(model, optimizer, steps=40):
    model.compile(optimizer, loss_fn)
    settings = {"batch_size": len(images), "verbose": 0}
    history = model.fit(images, labels, epochs=steps, **settings)
    return history.history["loss"][-1]


# %% Decay matrices only
def decay_matrices(model):
    weights = model.trainable_variables
    vectors = [w for w in weights if len(w.shape) == 1]
    optimizer = keras.optimizers.AdamW(0.01, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(vectors)
    return optimizer


model = build()
before = np.linalg.norm(model.layers[0].kernel[0])
print(f"loss {train(model, decay_matrices(model)):.2f}")
after = np.linalg.norm(model.layers[0].kernel[0])
print(f"a pixel that is always 0 keeps {after / before:.3f}")


# %% Two rates
def two_rates():
    body = keras.optimizers.AdamW(0.01, weight_decay=0.1)
    head = keras.optimizers.AdamW(0.1, weight_decay=0.1)
    return keras.optimizers.MultiOptimizer(
        keras.optimizers.OptimizerMap(body, {".*/head/.*": head})
    )


model = build()
optimizer = two_rates()
print(f"loss {train(model, optimizer):.2f}")

# %% Lower one of them
head, body = optimizer.optimizers  # the default comes last
head.learning_rate = head.learning_rate * 0.1
rates = float(body.learning_rate), float(head.learning_rate)
print("body {:.3f}  head {:.3f}".format(*rates))
print(f"loss {train(model, optimizer):.2f}")


# %% Muon for hidden matrices
def muon():
    return keras.optimizers.Muon(
        learning_rate=0.01,
        weight_decay=0.1,
        adam_weight_decay=0.1,
        exclude_layers=["head"],
    )


muon_model = build()
print(f"loss {train(muon_model, muon()):.2f}")
