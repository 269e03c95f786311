"""Tell brick, grass and gravel apart from 42 patches of each."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from skimage import data, util
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.

# %% Cut patches, split by region
names = ["brick", "grass", "gravel"]
photos = np.stack([getattr(data, name)() for name in names])
blocks = util.view_as_blocks(photos[:, :504, :504], (1, 24, 24))


def patches(columns):
    images = blocks[:, :, columns].reshape(-1, 24, 24)
    images = images.astype("float32")
    images -= images.mean(axis=(1, 2), keepdims=True)
    images /= images.std(axis=(1, 2), keepdims=True)
    return images, np.repeat([0, 1, 2], len(images) // 3)


train_images, train_labels = patches(slice(0, 2))
val_images, val_labels = patches(slice(2, 5))
test_images, test_labels = patches(slice(5, 21))
print(len(train_images), len(val_images), len(test_images))

# %% Two baselines
parts = train_images, val_images, test_images
pixels = [images.reshape(-1, 576) for images in parts]
grays = [np.sort(images) for images in pixels]  # not where
for name, parts in {"pixels": pixels, "grays": grays}.items():
    train, val, test = parts
    linear = LogisticRegression(max_iter=999)
    linear.fit(train, train_labels)
    score = linear.score(val, val_labels)
    print(f"logistic regression on {name}, validation: {score:.2f}")
baseline = linear.score(test, test_labels)  # the better one

# %% Augment
augment = keras.Sequential([
    layers.RandomFlip("horizontal"),
    layers.RandomTranslation(
        0.25, 0.25, fill_mode="reflect", interpolation="nearest"
    ),
])
train_ds = tf.data.Dataset.from_tensor_slices(
    (train_images[..., None], train_labels)
)
train_ds = train_ds.shuffle(len(train_images)).batch(42)
train_ds = train_ds.prefetch(tf.data.AUTOTUNE)
images, labels = next(iter(train_ds))
print(augment(images, training=True).shape)

# %% Network
model = keras.Sequential([
    keras.Input((24, 24, 1)),
    augment,  # does nothing unless training
    layers.Conv2D(8, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.GlobalAveragePooling2D(),
    layers.Dense(3),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.Adam(learning_rate=0.005)
model.compile(optimizer, loss_fn)
print(sum(w.size for w in model.get_weights()), "parameters")


# %% Train
def predict(images):
    logits = model.predict(images[..., None], verbose=0)
    return logits.argmax(axis=1)


model.fit(train_ds, epochs=120, shuffle=False, verbose=0)
score = (predict(val_images) == val_labels).mean()
print(f"network, validation: {score:.2f}")

# %% Test once
predicted = predict(test_images)
accuracy = float((predicted == test_labels).mean())
print(f"logistic regression on grays, test: {baseline:.2f}")
print(f"network, test: {accuracy:.2f}")
table = confusion_matrix(test_labels, predicted, normalize="true")
print(table.round(2))

# %% Look at some
wrong = np.flatnonzero(predicted != test_labels)
shown = [100, 436, 772, *wrong[[0, len(wrong) // 2, -1]]]
figure, axes = plt.subplots(1, 6, figsize=(6, 1.4))
for axis, i in zip(axes, shown):
    axis.imshow(test_images[i], "gray", interpolation="nearest")
    title = f"{names[test_labels[i]]} as\n{names[predicted[i]]}"
    axis.set_title(title, fontsize=8)
    axis.axis("off")
plt.show()
