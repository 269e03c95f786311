"""Guards what stands for callbacks: a loop does what is said."""

from __future__ import annotations

import csv
import threading

import numpy as np
import pytest

from headtohead.content.differences import groups
from tests.reasons.frameworks import keras, nn, tf, torch
from tests.reasons.proofs import lacks, proves, same
from tests.support.repository import ROOT

# Callbacks -------------------------------------------------------------------------------------


@proves(
    "keras.callbacks.Callback", "keras.callbacks.CallbackList", "keras.callbacks.LambdaCallback",
    "keras.callbacks.EarlyStopping", "keras.callbacks.CSVLogger", "keras.callbacks.History",
    "keras.callbacks.TerminateOnNaN", "keras.callbacks.ProgbarLogger",
)  # fmt: skip
def test_a_loop_does_what_callbacks_do(tmp_path):
    tqdm = pytest.importorskip("tqdm").tqdm
    assert lacks("torch.nn", "callback")
    assert not hasattr(nn.Module, "fit")
    assert keras.callbacks.EarlyStopping().restore_best_weights is False
    losses, best, waited, patience = [], float("inf"), 0, 1
    with open(tmp_path / "log.csv", "w") as file:
        log = csv.writer(file)
        for epoch, value in enumerate(tqdm([3.0, 2.0, 2.5, float("nan"), 1.0], disable=True)):
            loss = torch.tensor(value)
            if not torch.isfinite(loss):
                break
            losses.append(loss.item())
            log.writerow([epoch, loss.item()])
            best, waited = (value, 0) if value < best else (best, waited + 1)
            if waited >= patience:
                break
    assert losses == [3, 2, 2.5]
    assert (tmp_path / "log.csv").read_text().split() == ["0,3.0", "1,2.0", "2,2.5"]
    stopping, ended = keras.callbacks.EarlyStopping("loss", patience=1), []
    model = keras.Sequential()
    model.stop_training = False
    stopping.set_model(model), stopping.on_train_begin()
    for epoch, value in enumerate(losses):
        stopping.on_epoch_end(epoch, {"loss": value})
        ended.append(model.stop_training)
    assert ended == [False, False, True]


@proves(
    "keras.callbacks.ReduceLROnPlateau", "torch.optim.lr_scheduler.ReduceLROnPlateau",
    says="At 0 both act at the first bad epoch",
)  # fmt: skip
@pytest.mark.parametrize("patience", [0, 1, 2])
def test_patience_differs_by_one_from_one_on(patience):
    lr_scheduler, rates = torch.optim.lr_scheduler, []
    optimizer, model = torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=1.0), keras.Sequential()
    schedule = lr_scheduler.ReduceLROnPlateau(optimizer, patience=patience)
    model.optimizer = keras.optimizers.SGD(1.0)
    plateau = keras.callbacks.ReduceLROnPlateau("loss", patience=patience + 1)
    plateau.set_model(model), plateau.on_train_begin()
    for epoch in range(6):
        schedule.step(1.0), plateau.on_epoch_end(epoch, {"loss": 1.0})
        rates.append((optimizer.param_groups[0]["lr"], float(model.optimizer.learning_rate)))
    same(*zip(*np.float32(rates)))
    (difference,) = [each for group in groups(ROOT) for each in group.entries if each.id == "plateau-patience"]
    assert "leave 0 as it is" in difference.fix


@proves("keras.callbacks.SwapEMAWeights")
def test_an_average_is_evaluated_in_place_of_the_model():
    from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

    model, variable = nn.Linear(1, 1, bias=False), keras.Variable([[0.0]])
    model.weight.data.zero_()
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))
    optimizer = keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.9)
    optimizer.build([variable])
    for value in (1.0, 2.0):
        model.weight.data.fill_(value)
        averaged.update_parameters(model)
        optimizer.apply([tf.constant([[-1.0]])])
    optimizer.finalize_variable_values([variable])
    same(averaged.module.weight, variable.value)
    assert torch.optim.swa_utils.AveragedModel is AveragedModel


@proves("keras.callbacks.RemoteMonitor")
def test_losses_are_posted():
    import http.server
    import urllib.request

    got = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200), self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request).start()
        urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}", data=b"loss=0.5", timeout=10)
    assert got == [b"loss=0.5"]
    assert lacks("torch.utils", "monitor")
