"""What a machine is said to compute on, and how many programs run on it at a time."""

import pytest

from headtohead.records.store import Store
from headtohead.running import devices
from headtohead.running.programs import Setup
from tests.support.texts import program


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """Stands in for `nvidia-smi` with what it prints and its exit status."""

    def install(prints: str, status: int = 0) -> None:
        tool = tmp_path / "nvidia-smi"
        tool.write_text(f"#!/bin/sh\nprintf '{prints}'\nexit {status}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    return install


@pytest.mark.parametrize(
    ("prints", "status", "name"),
    [
        ("NVIDIA H200\\n", 0, "NVIDIA H200"),
        ("NVIDIA A10G\\nNVIDIA A10G\\n", 0, "NVIDIA A10G"),
        ("", 0, None),
        ("no devices were found\\n", 6, None),
        ("\\377\\n", 0, None),
        ("###\\n", 0, None),
    ],
)
def test_the_gpu_is_the_first_that_the_driver_names(driver, prints, status, name):
    driver(prints, status)
    assert devices.gpu() == name


@pytest.mark.parametrize("text", ["#!/no/such/shell\n", "no program\n", "#!/bin/sh\nexec sleep 900\n"])
def test_a_driver_that_cannot_answer_names_none(driver, tmp_path, monkeypatch, text):
    driver("")
    (tmp_path / "nvidia-smi").write_text(text)
    monkeypatch.setattr("headtohead.running.devices.ANSWERS", 1)
    assert devices.gpu() is None


def test_without_a_driver_there_is_no_gpu(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.gpu() is None


@pytest.mark.parametrize(
    ("name", "label"), [(None, "cpu"), ("NVIDIA H200", "nvidia-h200"), ("Tesla T4 (rev. 2)", "tesla-t4-rev-2")]
)
def test_records_of_a_device_lie_under_its_name(name, label):
    assert devices.label(name) == label


def test_programs_share_the_cores_but_have_a_gpu_to_themselves(tmp_path):
    store = Store(tmp_path)
    assert Setup(store).jobs == devices.cores()
    assert Setup(store, kind="cuda", label="nvidia-h200").jobs == 1


def test_what_ran_on_a_cpu_is_not_recorded_as_a_gpu_run(driver, project):
    driver("NVIDIA H200\\n")
    project.topic("a/good")
    error = project.verify("--device", "cuda", code=1)
    assert "in_pytorch.py: ran on cpu, not on cuda; install a build of the framework for that device" in error
    assert project.records() == {}


def test_a_gpu_record_stands_under_its_own_label(driver, project):
    """Made by a program that says of itself what a framework with a GPU would."""
    driver("NVIDIA H200\\n")
    claims = (
        "import sys, types\n"
        "cuda = types.SimpleNamespace(\n"
        "    is_available=lambda: True,\n"
        '    get_device_name=lambda: "NVIDIA H200",\n'
        ")\n"
        'sys.modules["torch"] = types.SimpleNamespace(cuda=cuda)'
    )
    text = program(claims, 'print("two")')
    project.topic("a/fast", pytorch=text, tensorflow=text)
    project.verify("--device", "cpu", "--label", "elsewhere", code=1)  # it ran on what it claims, not on a CPU
    project.verify()
    record = project.store.read("a/fast", "pytorch", "nvidia-h200")
    assert record.device["name"] == "NVIDIA H200"
    assert record.label == "nvidia-h200"
