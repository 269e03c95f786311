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

torch.manual_seed(0)

# %% A trained network
digits = load_digits()
x = torch.from_numpy(digits.images / 16).float()
y = torch.from_numpy(digits.target)
net = nn.Sequential(
    nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)
)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
for step in range(60):
    optimizer.zero_grad()
    loss_fn(net(x[:1500]), y[:1500]).backward()
    optimizer.step()
model = nn.Sequential(net, nn.Softmax(dim=1)).eval()
with torch.inference_mode():
    expected = model(x[1500:]).numpy()

# %% Export
exported = torch.export.export(
    model, (x[:2],), dynamic_shapes=[{0: torch.export.Dim("batch")}]
)
torch.export.save(exported, "digits.pt2")
del net, model, exported

# %% Load
served = torch.export.load("digits.pt2").module()


def predict(x):
    with torch.inference_mode():  # holds for one thread only
        return served(torch.from_numpy(x)).tolist()


# %% Answer a request
def answer(body):
    try:
        x = np.array(json.loads(body)["instances"], "float32")
    except (KeyError, TypeError, ValueError):
        return 400, {"error": 'want {"instances": [numbers]}'}
    # Python's json lets NaN in.
    if x.shape[1:] != (8, 8) or not np.isfinite(x).all():
        return 400, {"error": "want 8 x 8 finite numbers for each"}
    return 200, {"predictions": predict(x)}


# %% A server
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, content = 404, {"error": "not found"}
        if self.path == "/v1/models/digits:predict":
            status, content = answer(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
thread = Thread(target=server.serve_forever)
thread.start()


# %% Send a request
def post(body, path="/v1/models/digits:predict"):
    connection = HTTPConnection("127.0.0.1", server.server_port)
    connection.request("POST", path, body)
    response = connection.getresponse()
    return response.status, json.load(response)


images = digits.images[1500:] / 16
body = json.dumps({"instances": images[2:5].tolist()})
status, content = post(body)
print(status, *content)
print("read: ", np.argmax(content["predictions"], axis=1))
print("truth:", digits.target[1502:1505])

# %% Compare with the original
_, content = post(json.dumps({"instances": images.tolist()}))
received = np.array(content["predictions"], "float32")
print(*received.shape, np.allclose(received, expected, atol=1e-6))

# %% Bad requests
print(*post("{"))
print(*post('{"images": []}'))
print(*post('{"instances": [[0, 1], [2, 3]]}'))
print(*post(body.replace("0.0,", "NaN,")))
print(*post(body, path="/v1/models/letters:predict"))

# %% Many requests at once
singles = [json.dumps({"instances": [i.tolist()]}) for i in images]
with ThreadPoolExecutor(8) as pool:
    answers = list(pool.map(post, singles))
print(len(answers), "answers, status", {s for s, _ in answers})
apart = np.concatenate([c["predictions"] for _, c in answers])
print("each its own:", np.allclose(apart, expected, atol=1e-6))

# %% Stop
server.shutdown()
thread.join()
server.server_close()
print("server thread alive:", thread.is_alive())
