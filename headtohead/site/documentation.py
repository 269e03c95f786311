"""The address of a name in the official documentation of its framework."""

from __future__ import annotations

TORCH = "https://docs.pytorch.org/docs/stable/"
TENSORFLOW = "https://www.tensorflow.org/api_docs/python/"
# Namespaces that PyTorch documents on one page.
ONE_PAGE = {
    "torch.nn.init": "nn.init",
    "torch.special": "special",
    "torch.utils.data": "data",
    "torch.amp": "amp",
}


def documentation(name: str) -> str:
    """The address of a name in the official documentation; empty where it has no page."""
    place, _, last = name.rpartition(".")
    member = place.rpartition(".")[2][:1].isupper()  # a method stands on the page of its class
    if name.startswith("torch.distributions"):  # whose anchors name the files that the classes live in
        return f"{TORCH}distributions.html"
    if place == "torch.nn.grad":
        return ""
    if name.startswith("torch"):
        if place in ONE_PAGE:
            return f"{TORCH}{ONE_PAGE[place]}.html#{name}"
        if member and place != "torch.Tensor":
            return f"{TORCH}generated/{place}.html#{name}"
        return f"{TORCH}generated/{name}.html"
    if place in ("tf.Tensor", "keras.KerasTensor"):
        return f"{TENSORFLOW}tf/Tensor"
    page = ("tf/" if name.startswith("keras") else "") + (place if member else name).replace(".", "/")
    return f"{TENSORFLOW}{page}" + f"#{last}" * member
