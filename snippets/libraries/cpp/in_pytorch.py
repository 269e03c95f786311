"""Export a model, then load and run it in C++.

Needs g++ on the PATH, to compile the C++ program.
"""

# %% Setup
import subprocess
import warnings
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.cpp_extension import include_paths, library_paths

# PyTorch's own code uses what it deprecates:
warnings.filterwarnings("ignore", message=".*LeafSpec")

# %% Model
rng = np.random.default_rng(0)
w1 = rng.normal(size=(4, 8)).astype("float32")
w2 = rng.normal(size=(8, 3)).astype("float32")
model = nn.Sequential(
    nn.Linear(4, 8, bias=False),
    nn.ReLU(),
    nn.Linear(8, 3, bias=False),
    nn.Softmax(dim=1),
)
model.load_state_dict({
    "0.weight": torch.from_numpy(w1.T),
    "2.weight": torch.from_numpy(w2.T),
})
model.eval()

# %% Export
rows = ({0: torch.export.Dim("rows")},)
exported = torch.export.export(
    model, (torch.zeros(2, 4),), dynamic_shapes=rows
)
torch._inductor.aoti_compile_and_package(
    exported, package_path="net.pt2"
)

# %% What was written
files = zipfile.ZipFile("net.pt2").namelist()
print("shared libraries:", sum(f.endswith(".so") for f in files))
print("C++ sources:", sum(f.endswith(".cpp") for f in files))

# %% Names of input and output
# They have none: C++ passes a list of tensors and gets a list, in
# the order of forward.

# %% The C++ program
source = r"""
#include <ATen/ops/from_blob.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>
#include <iostream>
#include <vector>

int main() {
  int64_t rows, columns;
  std::cin >> rows >> columns;
  std::vector<float> values(rows * columns);
  for (float& value : values) std::cin >> value;

  c10::InferenceMode no_gradients;
  try {
    torch::inductor::AOTIModelPackageLoader model("net.pt2");
    auto x = at::from_blob(values.data(), {rows, columns});
    at::Tensor y = model.run({x})[0].contiguous();
    std::cout.precision(9);  // enough to restore a float
    const float* result = y.const_data_ptr<float>();
    for (int64_t i = 0; i < y.numel(); i++)
      std::cout << result[i] << ((i + 1) % y.size(1) ? ' ' : '\n');
  } catch (const std::exception& error) {
    std::cout << error.what();
    return 1;
  }
}
"""
Path("model.cpp").write_text(source)

# %% Compile it
command = ["g++", "-std=c++20", "model.cpp", "-o", "model"]
command += [f"-I{path}" for path in include_paths()]
for path in library_paths():
    command += [f"-L{path}", f"-Wl,-rpath,{path}"]
command += ["-ltorch", "-ltorch_cpu", "-lc10"]
subprocess.run(command, check=True)


# %% Run it
def predict(x):
    text = " ".join(map(str, [*x.shape, *x.ravel()]))
    run = subprocess.run(
        "./model", input=text, text=True, capture_output=True
    )
    if run.returncode:
        raise RuntimeError(run.stdout)
    return np.loadtxt(run.stdout.splitlines(), "float32", ndmin=2)


x = rng.normal(size=(3, 4)).astype("float32")
print(predict(x).round(3))

# %% The same as in Python
with torch.inference_mode():
    expected = model(torch.from_numpy(x)).numpy()
print("to 1e-6:", np.allclose(predict(x), expected, atol=1e-6))

# %% A wrong shape
try:
    predict(np.ones((1, 5), "float32"))
except RuntimeError as error:
    print(str(error).splitlines()[0])
