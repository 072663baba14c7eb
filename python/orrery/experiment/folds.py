"""Photos in folds that share no capture group."""

from __future__ import annotations

import numpy as np

from .. import Error


def grouped_folds(groups, folds):
    """The fold of each image, given its group: groups stay whole, folds become about equal.

    The largest group goes first, always into the fold that has fewest images.
    """
    names, counts = np.unique(np.array(groups, dtype=str), return_counts=True)
    if len(names) < folds:
        raise Error(f"{folds} folds want as many capture groups, the photos have {len(names)}: "
                    f"{', '.join(names)}")
    order = sorted(range(len(names)), key=lambda i: (-counts[i], names[i]))
    load, fold_of = [0] * folds, {}
    for i in order:
        fold = min(range(folds), key=lambda f: (load[f], f))
        fold_of[names[i]] = fold
        load[fold] += int(counts[i])
    return [fold_of[str(group)] for group in groups]


def training_photos(folds, fold, count, seed):
    """Indices of photos that those tested on `fold` may learn from: `count` of them, or "all".

    Fewer are part of more: the first n of one order, drawn by seed and fold.
    """
    others = [i for i, one in enumerate(folds) if one != fold]
    if count != "all" and count > len(others):
        raise Error(f"{count} photos are wanted, but outside fold {fold} there are {len(others)}")
    order = np.random.default_rng([seed, fold]).permutation(len(others))
    chosen = [others[i] for i in order]
    return sorted(chosen if count == "all" else chosen[:count])
