"""Noise: what the frameworks' C++ parts write to stderr, whatever a program does."""

from __future__ import annotations

import re

NOISE = re.compile(
    r"""^(
    WARNING:\ All\ log\ messages\ before\ absl::InitializeLog.*
    | I\d{4}\ [\d:.]+\s+\d+\ \S+\.(?:cc|h):\d+\].*                 # absl, level info
    | \d{4}-\d\d-\d\d\ [\d:.]+:\ I\ \S+\.cc:\d+\].*                # TensorFlow, level info
    | [WE]\d{4}\ [\d:.]+\s+\d+\ cuda_\w+\.cc:\d+\].*               # no GPU, or a driver for another CUDA
    | \d{4}-\d\d-\d\d\ [\d:.]+:\ [WE]\ \S*cuda\S*\.cc:\d+\].*
    | \d{4}-\d\d-\d\d\ [\d:.]+:\ W\ tensorflow/core/framework/local_rendezvous.*OUT_OF_RANGE.*
    | W\d{4}\ [\d:.]+\s+\d+\ torch/utils/cpp_extension\.py:\d+\].*No\ CUDA\ runtime\ is\ found.*  # nvcc without a GPU
    | W\d{4}\ [\d:.]+\s+\d+\ (?:tf_tfl_flatbuffer_helpers|flatbuffer_export)\.cc:\d+\].*  # TFLiteConverter, each time
    | W\d{4}\ [\d:.]+\s+\d+\ dataset\.cc:\d+\].*GeneratorDatasetOp.*  # Keras' fit in a strategy's scope
    | \[W\d{4}\ [\d:.]+\ socket\.cpp:\d+\]\ \[c10d\]\ The\ hostname\ of\ the\ client\ socket.*  # no name service
    | [EW]\d{4}\ [\d:.]+\s+\d+\ util\.cc:\d+\].*oneDNN\ supports\ DT_.*  # on a CPU without the newest instructions
    | W\d{4}\ [\d:.]+\s+\d+\ \S+\.cc:\d+\].*\bCANCELLED\b.*  # a data set that ends while it is tuned
    | fully_quantize:\ \d+,\ inference_type:.*
    | INFO:\ Created\ TensorFlow\ Lite\ XNNPACK\ delegate\ for\ CPU\.  # LiteRT's interpreter
    | \[cpuinfo_utils\.cpp:\d+\].*                                  # ExecuTorch's runtime, looking for an Arm CPU
    | Matplotlib\ is\ building\ the\ font\ cache;.*                    # once, where that takes it long
    | To\ enable\ the\ following\ instructions:.*                  # the second line of cpu_feature_guard
    )\n?""",
    re.VERBOSE | re.MULTILINE,
)


# What the C++ parts log besides, as of an error that they raise as well.
LOGGED = re.compile(
    r"^(?:[IWE]\d{4} [\d:.]+\s+\d+ \S+:\d+\]|\d{4}-\d\d-\d\d [\d:.]+: [IWE] \S+:\d+\]).*\n?", re.MULTILINE
)


def own(data: bytes, logs: bool = True) -> str:
    """What of stderr is a program's own; without `logs`, of what was not logged in C++."""
    text = NOISE.sub("", data.decode("utf-8", "replace"))
    return text if logs else LOGGED.sub("", text)
