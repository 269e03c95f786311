"""Export a model, then load and run it in C++.

Needs g++ on the PATH, to compile the C++ program.
"""

# %% Setup
import subprocess
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

# %% Model
rng = np.random.default_rng(0)
w1 = rng.normal(size=(4, 8)).astype("float32")
w2 = rng.normal(size=(8, 3)).astype("float32")
hidden = keras.layers.Dense(8, activation="relu", use_bias=False)
output = keras.layers.Dense(
    3, activation="softmax", use_bias=False
)
model = keras.Sequential([keras.Input((4,)), hidden, output])
hidden.set_weights([w1])
output.set_weights([w2])

# %% Export
rows = keras.InputSpec(shape=(None, 4), dtype="float32", name="x")
model.export("net", input_signature=[rows], verbose=False)

# %% What was written
files = [path for path in Path("net").rglob("*") if path.is_file()]
print("shared libraries:", sum(f.suffix == ".so" for f in files))
print("graphs:", sum(f.name == "saved_model.pb" for f in files))

# %% Names of input and output
data = Path("net/saved_model.pb").read_bytes()
graph = saved_model_pb2.SavedModel.FromString(data).meta_graphs[0]
signature = graph.signature_def["serving_default"]
names = [signature.inputs["x"].name]
names += [signature.outputs["output_0"].name]
print(*names, sep="\n")

# %% The C++ program
source = r"""
#include <tensorflow/c/c_api.h>
#include <iostream>

void check(TF_Status* status) {
  if (TF_GetCode(status) == TF_OK) return;
  std::cout << TF_Message(status);  // stderr has log lines
  std::exit(1);
}

int main(int, char** names) {
  int64_t shape[2];  // rows and columns
  std::cin >> shape[0] >> shape[1];
  int64_t count = shape[0] * shape[1];
  TF_Tensor* x = TF_AllocateTensor(TF_FLOAT, shape, 2, count * 4);
  auto values = static_cast<float*>(TF_TensorData(x));
  for (int64_t i = 0; i < count; i++) std::cin >> values[i];

  TF_Status* status = TF_NewStatus();
  TF_Graph* graph = TF_NewGraph();
  const char* tags[] = {"serve"};
  TF_Session* session = TF_LoadSessionFromSavedModel(
      TF_NewSessionOptions(), nullptr, "net", tags, 1, graph,
      nullptr, status);
  check(status);
  TF_Output in = {TF_GraphOperationByName(graph, names[1]), 0};
  TF_Output out = {TF_GraphOperationByName(graph, names[2]), 0};
  TF_Tensor* y = nullptr;
  TF_SessionRun(session, nullptr, &in, &x, 1, &out, &y, 1,
                nullptr, 0, nullptr, status);
  check(status);
  std::cout.precision(9);  // enough to restore a float
  auto result = static_cast<float*>(TF_TensorData(y));
  for (int64_t i = 0; i < TF_TensorElementCount(y); i++)
    std::cout << result[i] << ((i + 1) % TF_Dim(y, 1) ? ' ' : '\n');
}  // a longer program deletes what it made
"""
Path("model.cpp").write_text(source)

# %% Compile it
command = ["g++", "-std=c++20", "model.cpp", "-o", "model"]
library = tf.sysconfig.get_lib()
command += [f"-I{tf.sysconfig.get_include()}"]
command += [f"-L{library}", f"-Wl,-rpath,{library}"]
command += ["-l:libtensorflow_cc.so.2"]
command += ["-l:libtensorflow_framework.so.2"]
subprocess.run(command, check=True)


# %% Run it
def predict(x):
    text = " ".join(map(str, [*x.shape, *x.ravel()]))
    command = ["./model", *(n.partition(":")[0] for n in names)]
    run = subprocess.run(
        command, input=text, text=True, capture_output=True
    )
    if run.returncode:
        raise RuntimeError(run.stdout)
    return np.loadtxt(run.stdout.splitlines(), "float32", ndmin=2)


x = rng.normal(size=(3, 4)).astype("float32")
print(predict(x).round(3))

# %% The same as in Python
expected = model(x, training=False).numpy()
print("to 1e-6:", np.allclose(predict(x), expected, atol=1e-6))

# %% A wrong shape
try:
    predict(np.ones((1, 5), "float32"))
except RuntimeError as error:
    print(str(error).splitlines()[0])
