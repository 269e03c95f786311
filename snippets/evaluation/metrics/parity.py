"""The run's own metrics against scikit-learn's on the whole set; given logits; what misleads."""

import numpy as np

DIFFERENT = {
    "AUC of the run": "Keras sums over 1000 thresholds, scikit-learn over every score",
    "AUC of the run, from logits": "scikit-learn ranks; Keras' thresholds lie between 0 "
    "and 1, so logits below 0 and above 1 tie",
    "recall of the eights, from logits": "Keras calls positive what is above 0.5; logits "
    "above 0 are",
    "AUC of a batch without an eight": "scikit-learn gives NaN with a warning, Keras 0",
    "one more hit counts after 16,777,216": "int64 counts on; the metrics of Keras count "
    "in float32, where adding 1 no longer does anything",
}


def inputs():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 160)
    return {
        "logits": rng.normal(size=(160, 10)).astype("float32"),
        "labels": labels,
        "seven classes": labels % 7,
    }


def on_the_whole():
    """The run's logits and labels, and what scikit-learn makes of all of them at once."""
    from sklearn import metrics
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression

    images, labels = load_digits(return_X_y=True)
    model = LogisticRegression(max_iter=1000).fit(images[:100] / 16, labels[:100])
    logits, labels = model.decision_function(images[100:] / 16), labels[100:]
    predicted, eights = logits.argmax(axis=1), labels == 8
    others = np.log(np.exp(np.delete(logits, 8, axis=1)).sum(axis=1))
    eight_or_not = logits[:, 8] - others
    return {
        "labels": labels,
        "eights": eights,
        "logits of the eights": np.float32(eight_or_not),
        "accuracy": metrics.accuracy_score(labels, predicted),
        "macro F1": metrics.f1_score(labels, predicted, average="macro"),
        "micro F1": metrics.f1_score(labels, predicted, average="micro"),
        "F1 of each class": metrics.f1_score(labels, predicted, average=None),
        "top 3": metrics.top_k_accuracy_score(labels, logits, k=3),
        "AUC to three digits": round(metrics.roc_auc_score(eights, eight_or_not), 3),
        "balanced accuracy": metrics.balanced_accuracy_score(labels, predicted),
    }


def against(whole, ours):
    """Each of the run's metrics, and whether scikit-learn's is the same."""
    same = {
        f"{name}: as scikit-learn's": bool(np.allclose(whole[name], each, atol=1e-6))
        for name, each in ours.items()
    }
    return {name: np.float32(each) for name, each in ours.items()} | same


def pytorch(program, given):
    import warnings

    import torch
    from sklearn.exceptions import UndefinedMetricWarning
    from sklearn.metrics import f1_score

    whole = on_the_whole()
    logits, labels = torch.tensor(given["logits"]), torch.tensor(given["labels"])
    of_seven = torch.tensor(given["seven classes"])
    logits_of_seven = logits.clone()
    logits_of_seven[:, 7:] = -9

    def balanced(*batches):
        for batch in batches:
            program.balanced.update(*batch)
        result = program.balanced.compute()
        program.balanced.reset()
        return result

    seven = program.f1_scores(program.confusion(logits_of_seven, of_seven)).mean()
    by_scikit = f1_score(of_seven, logits_of_seven.argmax(dim=1), average="macro")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        without = program.roc_auc_score([False, False], [0.1, 0.2])
    eights, scores = whole["eights"], whole["logits of the eights"]
    full = torch.tensor(2**24).to(program.counts.dtype)
    return {
        "labels of the batches": torch.cat([y for _, y in program.test_loader]),
        "macro F1, mean of batches": program.f1_of_batches,
        "the mean of batches is below macro F1": program.f1_of_batches
        < whole["macro F1"] - 0.01,
        **against(
            whole,
            {
                "accuracy": program.accuracy,
                "macro F1": program.macro_f1,
                "micro F1": program.micro_f1,
                "F1 of each class": program.per_class,
                "top 3": program.top_3,
                "AUC to three digits": round(program.auc, 3),
                "balanced accuracy": program.balanced_accuracy,
            },
        ),
        "macro F1 of given logits": program.f1_scores(
            program.confusion(logits, labels)
        ).mean(),
        "balanced accuracy of given logits": balanced(
            (logits[:99], labels[:99]), (logits[99:], labels[99:])
        ),
        "balanced accuracy of the first half": balanced((logits[:80], labels[:80])),
        "balanced accuracy of two epochs, never reset": balanced(
            (logits, labels), (-logits, labels)
        ),
        "macro F1 where three classes never occur": seven,
        "scikit-learn leaves those out: a higher one": by_scikit > seven + 0.01,
        "balanced accuracy where three never occur": balanced(
            (logits_of_seven, of_seven)
        ),
        "AUC of the run": np.float32(program.auc),
        "AUC of the run, from logits": np.float32(
            program.roc_auc_score(eights, scores)
        ),
        "recall of the eights, from logits": np.float32((scores > 0)[eights].mean()),
        "AUC of a batch without an eight": np.float32(without),
        "one more hit counts after 16,777,216": bool(full + 1 > full),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf
    from sklearn.metrics import f1_score

    whole = on_the_whole()
    logits, labels = given["logits"], given["labels"]
    of_seven, logits_of_seven = given["seven classes"], logits.copy()
    logits_of_seven[:, 7:] = -9

    def balanced(*batches):
        program.balanced.reset_state()
        for batch in batches:
            program.balanced.update_state(*batch)
        return program.balanced.result()

    def metric(made, targets, outputs):
        made.update_state(targets, outputs)
        return np.float32(made.result())

    seven = program.macro_f1_of(of_seven, logits_of_seven)
    by_scikit = f1_score(of_seven, logits_of_seven.argmax(axis=1), average="macro")
    eights, scores = whole["eights"], whole["logits of the eights"]
    f1_of_batches = program.f1_of_batches.result()
    model = keras.Sequential([keras.Input((10,)), keras.layers.Identity()])
    model.compile(
        loss="sparse_categorical_crossentropy",
        metrics=[program.macro_f1_of, program.balanced],
    )
    of_fit = model.evaluate(program.test_ds, verbose=0, return_dict=True)
    if not np.isclose(of_fit["balanced"], program.balanced_accuracy):
        raise AssertionError("evaluate gives another balanced accuracy")
    of_the_run = {
        "accuracy": program.accuracy.result(),
        "macro F1": program.macro_f1.result(),
        "micro F1": program.micro_f1.result(),
        "F1 of each class": program.per_class.result(),
        "top 3": program.top_3.result(),
        "AUC to three digits": round(float(program.auc.result()), 3),
        "balanced accuracy": program.balanced_accuracy,
    }
    auc = program.auc.result()
    program.accuracy.total.assign(2.0**24)
    program.accuracy.update_state([3], [[0, 0, 0, 1.0]])
    halves = np.float32(np.arange(160) < 80)
    return {
        "labels of the batches": tf.concat([y for _, y in program.test_ds], axis=0),
        "macro F1, mean of batches": np.float32(of_fit["macro_f1_of"]),
        "the mean of batches is below macro F1": float(f1_of_batches)
        < whole["macro F1"] - 0.01,
        **against(whole, of_the_run),
        "macro F1 of given logits": metric(
            program.macro_f1.from_config(program.macro_f1.get_config()),
            tf.one_hot(labels, 10),
            logits,
        ),
        "balanced accuracy of given logits": balanced(
            (labels[:99], logits[:99]), (labels[99:], logits[99:])
        ),
        "balanced accuracy of the first half": balanced((labels, logits, halves)),
        "balanced accuracy of two epochs, never reset": balanced(
            (labels, logits), (labels, -logits)
        ),
        "macro F1 where three classes never occur": seven,
        "scikit-learn leaves those out: a higher one": by_scikit > float(seven) + 0.01,
        "balanced accuracy where three never occur": balanced(
            (of_seven, logits_of_seven)
        ),
        "AUC of the run": auc,
        "AUC of the run, from logits": metric(
            keras.metrics.AUC(num_thresholds=1000), eights, scores
        ),
        "recall of the eights, from logits": metric(
            keras.metrics.Recall(), eights, scores
        ),
        "AUC of a batch without an eight": metric(
            keras.metrics.AUC(), [False, False], [0.1, 0.2]
        ),
        "one more hit counts after 16,777,216": bool(
            program.accuracy.total > 2.0**24
        ),
    }
