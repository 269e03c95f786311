"""Tell brick, grass and gravel apart from 42 patches of each."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers
from skimage import data, util
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix

keras.utils.set_random_seed(0)

# %% Cut patches, split by region
names = ["brick", "grass", "gravel"]
photos = np.stack([getattr(data, name)() for name in names])
blocks = util.view_as_blocks(photos[:, :504, :504], (1, 24, 24))


def patches(columns):
    x = blocks[:, :, columns].reshape(-1, 24, 24).astype("float32")
    x -= x.mean(axis=(1, 2), keepdims=True)
    x /= x.std(axis=(1, 2), keepdims=True)
    return x, np.repeat([0, 1, 2], len(x) // 3)


train, y_train = patches(slice(0, 2))
val, y_val = patches(slice(2, 5))
test, y_test = patches(slice(5, 21))
print(len(train), len(val), len(test), "patches")

# %% Two baselines
pixels = [part.reshape(-1, 576) for part in (train, val, test)]
greys = [np.sort(part) for part in pixels]  # which, not where
for name, parts in {"pixels": pixels, "greys": greys}.items():
    linear = LogisticRegression(max_iter=999).fit(parts[0], y_train)
    score = linear.score(parts[1], y_val)
    print(f"logistic regression on {name}, validation: {score:.2f}")
baseline = linear.score(greys[2], y_test)  # the better one

# %% Augment
augment = keras.Sequential([
    layers.RandomFlip("horizontal"),
    layers.RandomTranslation(
        0.25, 0.25, fill_mode="reflect", interpolation="nearest"
    ),
])
x = train[..., None]
y = y_train
seen = keras.ops.convert_to_numpy(augment(x, training=True))
print("new grey values:", not np.isin(seen, x).all())

# %% Network
model = keras.Sequential([
    keras.Input((24, 24, 1)),
    augment,  # does nothing unless training
    layers.Conv2D(16, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.GlobalAveragePooling2D(),
    layers.Dense(3),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.Adam(learning_rate=0.005)
model.compile(optimizer, loss_fn, metrics=["accuracy"])
print(sum(w.size for w in model.get_weights()), "parameters")


# %% Train
def predict(images):
    logits = model.predict(images[..., None], verbose=0)
    return logits.argmax(axis=1)


model.fit(x, y, batch_size=42, epochs=120, verbose=0)
print(f"network, validation: {(predict(val) == y_val).mean():.2f}")

# %% Test once
predicted = predict(test)
accuracy = float((predicted == y_test).mean())
print(f"logistic regression on greys, test: {baseline:.2f}")
print(f"network, test: {accuracy:.2f}")
table = confusion_matrix(y_test, predicted, normalize="true")
print(table.round(2))

# %% Look at some
wrong = np.flatnonzero(predicted != y_test)
shown = [100, 436, 772, *wrong[[0, len(wrong) // 2, -1]]]
figure, axes = plt.subplots(1, 6, figsize=(6, 1.4))
for axis, i in zip(axes, shown):
    axis.imshow(test[i], cmap="gray", interpolation="nearest")
    title = f"{names[y_test[i]]} as\n{names[predicted[i]]}"
    axis.set_title(title, fontsize=8)
    axis.axis("off")
plt.show()
