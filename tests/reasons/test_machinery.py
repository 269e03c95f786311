"""Guards what is said of internal functions, kernels and old names of torch.nn.functional."""

from __future__ import annotations

import inspect

import pytest

from tests.reasons.frameworks import F, nn, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same, text

X = GIVEN["x"]
x = torch.tensor(X)
IMAGES = torch.tensor(GIVEN["images"]).permute(0, 3, 1, 2)


# Machinery -------------------------------------------------------------------------------------


@proves(
    *(
        f"torch.nn.functional.{name}"
        for name in (
            "Callable", "DType", "Optional", "assert_int_or_pair", "boolean_dispatch", "handle_torch_function",
            "has_torch_function", "has_torch_function_unary", "has_torch_function_variadic",
        )
    )
)  # fmt: skip
def test_what_a_module_only_imports():
    import collections.abc
    import typing

    assert (F.Callable, F.Optional, F.DType) == (collections.abc.Callable, typing.Optional, int)
    assert {F.boolean_dispatch.__module__, F.handle_torch_function.__module__} == {
        "torch._jit_internal",
        "torch.overrides",
    }
    for name in ("", "_unary", "_variadic"):
        assert getattr(F, f"has_torch_function{name}") is getattr(torch._C, f"_has_torch_function{name}")
    assert "assert_int_or_pair" not in text("torch.nn.functional.max_pool2d")
    assert F.assert_int_or_pair([1, 2], "size", "so") is None


GPU = ["batch_norm_backward_elemt", "batch_norm_backward_reduce", "batch_norm_elemt", "batch_norm_gather_stats"]
GPU += ["batch_norm_gather_stats_with_counts", "batch_norm_stats"]
AMD = [name for name in dir(torch) if name.startswith("miopen_") and "ctc" not in name]


@proves(*(f"torch.{name}" for name in (*GPU, *AMD)))
@pytest.mark.parametrize("name", [*GPU, *AMD])
def test_kernels_of_gpus(name):
    assert not torch._C._dispatch_has_kernel_for_dispatch_key(f"aten::{name}", "CPU")
    assert torch._C._dispatch_has_kernel_for_dispatch_key(f"aten::{name}", "CUDA")
    assert name in AMD or name in inspect.getsource(torch.nn.modules._functions)
    assert issubclass(nn.SyncBatchNorm, nn.Module)
    assert torch.nn.functional


@proves(*(f"torch.nn.functional.{name}" for name in ("ScalingType", "SwizzleType", "scaled_mm", "scaled_grouped_mm")))
def test_products_with_scales():
    assert {"scale_recipe_a", "swizzle_a"} <= set(inspect.signature(F.scaled_mm).parameters)
    assert hasattr(F.ScalingType, "TensorWise")
    for namespace in ("keras.ops", "tf", "tf.nn", "tf.linalg"):
        assert lacks(namespace, "scaled_mm", "scaled_matmul", "grouped_m")


# Old names -------------------------------------------------------------------------------------


@proves(*(f"torch.nn.functional.upsample{kind}" for kind in ("", "_bilinear", "_nearest")), says="deprecated")
def test_upsample_is_interpolate():
    interpolate = F.interpolate
    for old, wanted in (
        (F.upsample, interpolate(IMAGES, scale_factor=2)),
        (F.upsample_bilinear, interpolate(IMAGES, scale_factor=2, mode="bilinear", align_corners=True)),
        (F.upsample_nearest, interpolate(IMAGES, scale_factor=2, mode="nearest")),
    ):
        with pytest.warns(UserWarning, match="deprecated"):
            same(old(IMAGES, scale_factor=2), wanted)


@proves("torch.norm", "torch.frobenius_norm", "torch.nuclear_norm", says="deprecated")
def test_old_norms():
    assert "deprecated" in text("torch.norm")
    same(torch.norm(x), torch.linalg.vector_norm(x))
    same(torch.norm(x, "nuc"), torch.linalg.matrix_norm(x, ord="nuc"))
    same(torch.frobenius_norm(x, dim=[0, 1]), torch.linalg.matrix_norm(x))
    same(torch.nuclear_norm(x), torch.linalg.matrix_norm(x, ord="nuc"))
