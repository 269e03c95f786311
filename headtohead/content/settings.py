"""Settings: the environment variables of every program, row and difference; a change makes all records stale."""

from __future__ import annotations

# How many threads the libraries of both frameworks take.
THREADS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
EVERYWHERE = {
    "KERAS_BACKEND": "tensorflow",
    "KINETO_LOG_LEVEL": "99",
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
}
ON_A_CPU = dict.fromkeys(THREADS, "1") | {"CUDA_VISIBLE_DEVICES": "-1"}
