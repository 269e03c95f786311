"""Guards the addresses of names in the documentation of their frameworks."""

from __future__ import annotations

import pytest

from headtohead.site.documentation import documentation


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("torch.nn.Linear", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html"),
        ("torch.nn.init.zeros_", "https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_"),
        ("keras.layers.Dense", "https://www.tensorflow.org/api_docs/python/tf/keras/layers/Dense"),
        ("tf.nn.relu", "https://www.tensorflow.org/api_docs/python/tf/nn/relu"),
        ("tf.data.Dataset.batch", "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#batch"),
        (
            "torch.nn.Module.eval",
            "https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval",
        ),
        ("torch.Tensor.view", "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html"),
        ("torch.distributions.Normal", "https://docs.pytorch.org/docs/stable/distributions.html"),
        ("torch.nn.grad.conv2d_input", ""),
    ],
)
def test_a_name_leads_to_its_documentation(name, address):
    assert documentation(name) == address
