"""Serve a model over HTTP, in TensorFlow Serving's format."""

# %% Setup
import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


# %% A trained network
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 32)
        self.out = nn.Linear(32, 10)

    def forward(self, images):
        x = images.flatten(1) / 16  # pixels go from 0 to 16
        return self.out(torch.relu(self.hidden(x)))


digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32)
labels = torch.tensor(digits.target)
train_set = TensorDataset(images[:1500], labels[:1500])
train_loader = DataLoader(train_set, batch_size=100, shuffle=True)
model = Net()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(4):
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), targets)
        loss.backward()
        optimizer.step()

# %% Export
classifier = nn.Sequential(model, nn.Softmax(dim=1)).eval()
with torch.inference_mode():
    expected = classifier(images[1500:]).numpy()
exported = torch.export.export(
    classifier,
    (images[:2],),
    dynamic_shapes=[{0: torch.export.Dim("batch")}],
)
torch.export.save(exported, "digits.pt2")
del model, classifier, exported

# %% Load
loaded = torch.export.load("digits.pt2").module()


def predict(x):
    with torch.inference_mode():  # holds for one thread only
        return loaded(torch.from_numpy(x)).numpy()


# %% Answer a request
def answer(path, body):
    if path != "/v1/models/digits:predict":
        return 404, {"error": "no such model"}
    try:
        x = np.array(json.loads(body)["instances"], "float32")
    except (KeyError, TypeError, ValueError):
        return 400, {"error": 'want {"instances": [numbers]}'}
    # Python's json lets NaN in.
    if x.shape[1:] != (8, 8) or not np.isfinite(x).all():
        return 400, {"error": "want 8 x 8 finite numbers for each"}
    return 200, {"predictions": predict(x).tolist()}


# %% A server
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, content = answer(self.path, body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *args):  # else a line a request
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
Thread(target=server.serve_forever).start()


# %% Send a request
def post(body, path="/v1/models/digits:predict"):
    connection = HTTPConnection("127.0.0.1", server.server_port)
    connection.request("POST", path, body)
    response = connection.getresponse()
    return response.status, json.load(response)


test_images = digits.images[1500:]
body = json.dumps({"instances": test_images[2:5].tolist()})
status, content = post(body)
print(status, *content)
print("read: ", np.argmax(content["predictions"], axis=1))
print("truth:", digits.target[1502:1505])

# %% Compare with the original
_, content = post(json.dumps({"instances": test_images.tolist()}))
received = np.array(content["predictions"], "float32")
print(*received.shape, np.allclose(received, expected, atol=1e-6))

# %% Bad requests
print(*post("{"))
print(*post('{"images": []}'))
print(*post('{"instances": [[0, 1], [2, 3]]}'))
print(*post(body.replace("[0.0,", "[NaN,")))
print(*post(body, path="/v1/models/letters:predict"))

# %% Many requests at once
bodies = [
    json.dumps({"instances": [image.tolist()]})
    for image in test_images
]
with ThreadPoolExecutor(8) as pool:
    answers = list(pool.map(post, bodies))
print(len(answers), "answers, status", {s for s, _ in answers})
received = np.concatenate([c["predictions"] for _, c in answers])
print("each its own:", np.allclose(received, expected, atol=1e-6))

# %% Stop
server.shutdown()
server.server_close()
try:
    post(body)
except ConnectionRefusedError:
    print("refused")
