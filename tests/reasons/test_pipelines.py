"""Guards what stands for data sets, samplers and what tf.data has besides: it runs, and gives the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reasons.frameworks import keras, tf, torch
from tests.reasons.proofs import GIVEN, lacks, proves, same, text

data = torch.utils.data
X = GIVEN["x"]


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 2

    def __getitem__(self, at):
        return np.full(2, at)


class Stream(data.IterableDataset):
    def __init__(self, *values):
        self.values = values

    def __iter__(self):
        return iter(self.values)


@proves("keras.utils.PyDataset", "torch.utils.data.Dataset", "torch.utils.data.IterableDataset")
def test_data_sets_of_ones_own():
    class Samples(torch.utils.data.Dataset):
        def __len__(self):
            return 4

        def __getitem__(self, at):
            return at // 2

    assert isinstance(Batches(), keras.utils.PyDataset)
    batches = Batches()
    same(list(data.DataLoader(Samples(), batch_size=2)), [batches[at] for at in range(len(batches))])
    theirs = tf.data.Dataset.from_generator(lambda: iter([1, 2]), output_signature=tf.TensorSpec((), tf.int64))
    same(list(data.DataLoader(Stream(1, 2), batch_size=None)), [int(each) for each in theirs])
    assert callable(tf.data.Dataset.range(3).map)


@proves("torch.utils.data.ChainDataset", "torch.utils.data.Sampler")
def test_streams_are_joined_and_drawn_from():
    a, b = tf.data.Dataset.range(3), tf.data.Dataset.range(3, 5)
    same(list(data.ChainDataset([Stream(0, 1, 2), Stream(3, 4)])), [int(each) for each in a.concatenate(b)])

    class Twice(data.Sampler):
        def __iter__(self):
            return iter([0, 1, 0, 1])

    ours = data.DataLoader(range(2), sampler=Twice(), batch_size=None)
    same(list(ours), [int(each) for each in tf.data.Dataset.range(2).repeat(2)])
    sampled = tf.data.Dataset.sample_from_datasets([a, b], [1.0, 0.0])
    assert [int(each) for each in sampled] == [0, 1, 2]
    assert sorted(int(each) for each in a.shuffle(3)) == [0, 1, 2]


@proves("torch.utils.data.get_worker_info")
def test_workers_are_threads():
    threads = set()

    def noted(each):
        import threading

        threads.add(threading.get_ident())
        return each

    mapped = tf.data.Dataset.range(20).map(lambda each: tf.py_function(noted, [each], tf.int64), num_parallel_calls=4)
    assert sorted(int(each) for each in mapped) == list(range(20))
    assert threads  # in this process
    assert data.get_worker_info() is None
    assert tf.data.Dataset.range(4).element_spec.dtype == tf.int64


@proves(
    *(
        f"torch.utils.data.{name}"
        for name in (
            "IterDataPipe", "MapDataPipe", "DFIterDataPipe", "DataChunk", "argument_validation",
            "functional_datapipe", "guaranteed_datapipes_determinism", "non_deterministic",
            "runtime_validation", "runtime_validation_disabled",
        )
    ),
    says="torchdata",
)  # fmt: skip
def test_data_pipes_are_left_over():
    from torch.utils.data import datapipes

    for name in ("IterDataPipe", "MapDataPipe", "DFIterDataPipe", "DataChunk"):
        assert getattr(data, name).__module__.startswith(datapipes.__name__)
    for name in ("argument_validation", "functional_datapipe", "non_deterministic", "runtime_validation"):
        assert getattr(data, name).__module__ == "torch.utils.data.datapipes._decorator"
    assert callable(tf.data.Dataset.map)


@proves("tf.data.Dataset")
def test_a_data_set_is_made_of_calls_and_a_loader_of_arguments():
    theirs = tf.data.Dataset.from_tensor_slices(X).shuffle(1).map(lambda each: 2 * each).batch(2).prefetch(1)
    assert isinstance(theirs, tf.data.Dataset)
    loader = data.DataLoader(
        torch.tensor(X),
        batch_size=2,
        shuffle=False,
        collate_fn=lambda each: 2 * torch.stack(each),
        prefetch_factor=None,
    )
    same(list(loader), list(theirs))


@proves("tf.data.Iterator", "tf.data.NumpyIterator", "tf.data.DatasetSpec", "tf.data.IteratorSpec")
def test_what_goes_through_data():
    theirs, loader = tf.data.Dataset.from_tensor_slices(X), data.DataLoader(torch.tensor(X), batch_size=None)
    assert isinstance(iter(theirs), tf.data.Iterator)
    assert type(theirs.as_numpy_iterator()).__name__ == "NumpyIterator"
    assert isinstance(tf.data.DatasetSpec.from_value(theirs), tf.data.DatasetSpec)
    same(next(iter(loader)).numpy(), next(theirs.as_numpy_iterator()))
    summed = tf.function(lambda dataset: dataset.reduce(0.0, lambda total, each: total + tf.reduce_sum(each)))
    same(summed(theirs), torch.stack(list(loader)).sum())
    assert lacks("torch.utils.data", "spec")


@proves("tf.data.Options", "tf.data.ThreadingOptions")
def test_settings_are_arguments():
    options = tf.data.Options()
    options.threading.private_threadpool_size = 2
    assert isinstance(options.threading, tf.data.ThreadingOptions)
    assert tf.data.Dataset.range(3).with_options(options).options().threading.private_threadpool_size == 2
    assert data.DataLoader(range(3), num_workers=2).num_workers == 2
    assert data.DataLoader(range(3), pin_memory=False, drop_last=True).drop_last


@proves("tf.data.FixedLengthRecordDataset", "tf.data.TextLineDataset")
def test_files_of_records_and_lines(tmp_path):
    np.arange(6, dtype="int16").tofile(tmp_path / "records")
    (tmp_path / "lines").write_text("a\nb\n")
    theirs = [
        tf.io.decode_raw(each, tf.int16) for each in tf.data.FixedLengthRecordDataset(str(tmp_path / "records"), 4)
    ]

    class Records(torch.utils.data.Dataset):
        def __init__(self, path):
            self.memory = np.memmap(path, dtype="int16").reshape(-1, 2)

        def __len__(self):
            return len(self.memory)

        def __getitem__(self, at):
            return torch.tensor(self.memory[at])

    records = Records(tmp_path / "records")
    same([records[at] for at in range(len(records))], theirs)
    same(torch.from_file(str(tmp_path / "records"), size=6, dtype=torch.int16).reshape(3, 2), tf.stack(theirs))

    class Lines(data.IterableDataset):
        def __iter__(self):
            with open(tmp_path / "lines") as file:
                yield from file.read().splitlines()

    assert isinstance(Lines(), torch.utils.data.IterableDataset)
    assert list(Lines()) == [
        each.decode() for each in tf.data.TextLineDataset(str(tmp_path / "lines")).as_numpy_iterator()
    ]


@proves("tf.data.TFRecordDataset", "keras.callbacks.OrbaxCheckpoint")
def test_files_that_only_one_side_reads(tmp_path):
    with tf.io.TFRecordWriter(str(tmp_path / "records")) as writer:
        writer.write(b"one")
    assert [each.numpy() for each in tf.data.TFRecordDataset(str(tmp_path / "records"))] == [b"one"]
    assert lacks("torch.utils.data", "tfrecord")
    import torch.distributed.checkpoint as saved

    saved.save({"x": torch.ones(2)}, checkpoint_id=tmp_path / "saved", no_dist=True)
    state = {"x": torch.zeros(2)}
    saved.load(state, checkpoint_id=tmp_path / "saved", no_dist=True)
    assert state["x"].tolist() == [1, 1]
    assert "orbax" in text("keras.callbacks.OrbaxCheckpoint").lower()
    with pytest.raises(ImportError):
        keras.callbacks.OrbaxCheckpoint(str(tmp_path))
