"""The detectors there are, by name, behind one interface.

A detector is a torch module with `loss(images, targets)`, which gives losses by name, and
`detect(images)`, which gives (boxes, scores, labels) for each image, best first. Images are float
[B, 3, S, S] with pixels 0..255, boxes [n, 4] pixels of these images, labels from 0.
"""

from __future__ import annotations

import re

import torch
from torch import nn

from .. import Error
from .augment import GREY
from .tiny import Tiny


class Torchvision(nn.Module):
    """A detector of torchvision, which keeps label 0 for the background."""

    def __init__(self, net, head):
        super().__init__()
        self.net = net
        self._head = head

    def loss(self, images, targets):
        images = images / 255
        wanted = []
        for image, (boxes, labels, ignored) in zip(images, targets):
            # These nets have no "neither": what is ignored is painted over, and objects on it not.
            painted = torch.zeros_like(image[0], dtype=torch.bool)
            for flag, value in ((True, True), (False, False)):
                for x0, y0, x1, y1 in boxes[ignored == flag].round().long().tolist():
                    painted[y0:y1, x0:x1] = value
            image[:, painted] = GREY / 255
            kept = ~ignored
            wanted.append({"boxes": boxes[kept].to(image.device),
                           "labels": labels[kept].to(image.device) + 1})
        return self.net(list(images), wanted)

    @torch.no_grad()
    def detect(self, images, limit=100, least=0.01):
        found = []
        for one in self.net(list(images / 255)):
            good = (one["scores"] > least).nonzero()[:limit, 0]
            found.append((one["boxes"][good], one["scores"][good], one["labels"][good] - 1))
        return found

    def head_parameters(self):
        return {name for name in self.state_dict() if name.startswith(self._head)}

    def class_rows(self, name, size, classes):
        """As of Tiny. The background is a row before the classes, and each anchor has them all."""
        if not re.search(r"(module_list\.\d+\.1|cls_score|bbox_pred)\.(weight|bias)$", name):
            return None
        own = torch.arange(size).view(-1, classes + 1, 4 if "bbox_pred" in name else 1)
        return own[:, 1:].transpose(0, 1).flatten(1)

    def backbone_modules(self):
        return [self.net.backbone]


def _fixed_size(net, side):
    """Images come in the right size: the net's own resizing would undo it."""
    net.transform.min_size = (side,)
    net.transform.max_size = side
    net.transform.fixed_size = (side, side)
    return net


def _tiny(classes, side, stride):
    return Tiny(classes, stride)


def _ssdlite(classes, side, stride):
    from torchvision.models.detection import ssdlite320_mobilenet_v3_large as build
    net = build(weights=None, weights_backbone=None, num_classes=classes + 1)
    return Torchvision(_fixed_size(net, side), "net.head.classification_head")


def _fasterrcnn(classes, side, stride):
    from torchvision.models.detection import fasterrcnn_resnet50_fpn as build
    net = build(weights=None, weights_backbone=None, num_classes=classes + 1)
    return Torchvision(_fixed_size(net, side), "net.roi_heads.box_predictor")


DETECTORS = {"tiny": _tiny, "ssdlite": _ssdlite, "fasterrcnn": _fasterrcnn}


def check_detector(name, side, stride):
    """Throws Error if build() cannot make such a one."""
    if name not in DETECTORS:
        raise Error(f"detector is {name!r}, wanted one of {', '.join(DETECTORS)}")
    if side % 32 or side < 64:
        raise Error(f"side is {side}, wanted a multiple of 32 from 64 on")
    if stride not in (4, 8):
        raise Error(f"stride is {stride}, wanted 4 or 8")


def build(name, classes, side, stride=8):
    """A fresh detector of `classes` classes for images of `side` pixels; `stride` is tiny's."""
    check_detector(name, side, stride)
    return DETECTORS[name](classes, side, stride)


def fit_classes(detector, state, was, now):
    """A state dict of a detector of the classes `was` as one of this detector, of the classes
    `now`: what is of a class goes along with its name, what is of a new one stays as it is."""
    state, own = dict(state), detector.state_dict()
    both = [(was.index(name), k) for k, name in enumerate(now) if name in was]
    for name in detector.head_parameters():
        theirs, mine = state[name], own[name].clone()
        old = detector.class_rows(name, len(theirs), len(was)) if theirs.ndim else None
        if old is None:
            continue
        new = detector.class_rows(name, len(mine), len(now))
        mine[_others(new, len(mine))] = theirs[_others(old, len(theirs))]
        for k, j in both:
            mine[new[j]] = theirs[old[k]]
        state[name] = mine
    return state


def _others(rows, size):
    """Which of `size` rows are of no class."""
    free = torch.ones(size, dtype=torch.bool)
    free[rows.flatten()] = False
    return free


def load_weights(detector, state, where):
    """Takes from a state dict what fits the detector. Returns what it left as it was: parameters
    that depend on the classes. Anything else that is missing or of another shape is an error."""
    own = detector.state_dict()
    if not any(name in own for name in state):  # as torchvision's own files name them
        state = {f"net.{name}": value for name, value in state.items()}
    head = detector.head_parameters()
    fits = all(name in state and state[name].shape == own[name].shape for name in head)
    taken = {name: value for name, value in state.items() if fits or name not in head}
    try:  # the nets know the names that their parameters had in older versions
        missing = set(detector.load_state_dict(taken, strict=False).missing_keys)
    except RuntimeError as error:
        raise Error(f"{where}: these weights are of another detector: {error}") from error
    # Norms that are frozen in torchvision's files do not count their batches.
    strange = {name for name in missing - head if not name.endswith("num_batches_tracked")}
    if strange:
        raise Error(f"{where}: {len(strange)} of {len(own)} parameters are missing, such as "
                    f"{sorted(strange)[0]}: these weights are of another detector")
    return set() if fits else head


def freeze_backbone(detector):
    """Keeps the backbone as it is: no gradients, and its norms keep their statistics."""
    for module in detector.backbone_modules():
        module.requires_grad_(False)
        module.eval()
