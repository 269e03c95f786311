"""Tell votes from a table: normalize, encode, train, save."""

# %% Setup
import keras
import tensorflow as tf
from keras import layers
from sklearn.model_selection import train_test_split
from statsmodels.datasets import anes96

keras.utils.set_random_seed(0)

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
normalize = layers.Normalization()
normalize.adapt(train[columns].values)
mean, variance = normalize.mean[0], normalize.variance[0]
for name, m, s in zip(columns, mean, variance**0.5):
    print(f"{name:6}  mean {m:5.2f}  deviation {s:5.2f}")

# %% Categories to integers
encode = layers.StringLookup()
encode.adapt(list(train["party"]))
vocabulary = encode.get_vocabulary()
print(encode(["weak D", "strong R"]).numpy(), end=" ")
print("of", len(vocabulary))

# %% An unknown category
print(encode(["weak D", "Green"]).numpy())

# %% Model
inputs = {
    "numbers": keras.Input((3,), name="numbers"),
    "party": keras.Input((), dtype="string", name="party"),
}
embedding = layers.Embedding(len(vocabulary), 4)
x = layers.concatenate([
    normalize(inputs["numbers"]),
    embedding(encode(inputs["party"])),
])
x = layers.Dense(16, activation="relu")(x)
model = keras.Model(inputs, layers.Dense(1)(x))
optimizer = keras.optimizers.Adam(learning_rate=0.01)
loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)
accuracy = keras.metrics.BinaryAccuracy(threshold=0)
model.compile(optimizer, loss_fn, metrics=[accuracy])


# %% Train
def dataset(table):
    numbers = table[columns].values.astype("float32")
    inputs = {"numbers": numbers, "party": list(table["party"])}
    votes = table[["vote"]].values.astype("float32")
    return tf.data.Dataset.from_tensor_slices((inputs, votes))


train_ds = dataset(train).shuffle(len(train)).batch(50)
model.fit(train_ds, epochs=10, shuffle=False, verbose=0)

# %% Test
test_ds = dataset(test).batch(50)
_, accuracy = model.evaluate(test_ds, verbose=0)
print(f"accuracy {accuracy:.2f}, always one answer {baseline:.2f}")

# %% Save with the model
model.save("voter.keras")
loaded = keras.saving.load_model("voter.keras")
row = {
    "numbers": tf.constant([[40.0, 5.0, 12.0]]),
    "party": tf.constant(["Green"]),
}
before, after = model(row, training=False), loaded(row)
print("the same for a row of raw values:", bool(before == after))
