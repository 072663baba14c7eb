"""Deals images into folds as other packages do.

usage: read_splits.py StratifiedGroupKFold|MultilabelStratifiedKFold FOLDS CASES RESULT

CASES is a JSON list of {"labels": rows of 0 and 1, "groups": names}; RESULT becomes a list of
lists: the fold of each image.
"""

import json
import sys

import numpy


def folds_of(name, count, labels, groups):
    if name == "StratifiedGroupKFold":
        from sklearn.model_selection import StratifiedGroupKFold

        splitter = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=0)
        target = labels.argmax(axis=1)
    else:
        from iterstrat.ml_stratifiers import MultilabelStratifiedKFold

        splitter = MultilabelStratifiedKFold(n_splits=count, shuffle=True, random_state=0)
        target = labels
    fold_of = [-1] * len(labels)
    for fold, (_, held_out) in enumerate(splitter.split(labels, target, groups)):
        for index in held_out:
            fold_of[int(index)] = fold
    assert min(fold_of) >= 0
    return fold_of


name, count, cases, result = sys.argv[1:]
with open(cases) as file:
    all_cases = json.load(file)
with open(result, "w") as file:
    json.dump(
        [
            folds_of(name, int(count), numpy.array(case["labels"]), case["groups"])
            for case in all_cases
        ],
        file,
    )
