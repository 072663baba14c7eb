"""A trained net as ONNX, with all that follows it up to the choice among overlapping boxes."""

from __future__ import annotations

import inspect
import warnings

import torch
from torch import nn
from torch.nn import functional as F

from .. import Error
from .tiny import Tiny

TOLERANCE = 1e-3  # of pixels and scores, relative to the largest


class Cells(nn.Module):
    """What Tiny says in every cell: boxes [B, cells, 4] pixels, scores [B, cells, C], which are 0
    where a neighbour is more of a centre. What is left to do is a threshold, and for each class
    the removal of boxes that a better one overlaps by more than 0.6."""

    def __init__(self, tiny):
        super().__init__()
        self.tiny = tiny

    def forward(self, images):
        heat, edges, classes = self.tiny(images)
        heat = heat.sigmoid()
        peak = (F.max_pool2d(heat, 3, 1, 1) == heat).to(heat.dtype)
        scores = (heat * peak * classes.softmax(1)).flatten(2).permute(0, 2, 1)
        height, width = heat.shape[2:]
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        centre = (torch.stack([x, y], 2).reshape(-1, 2) + 0.5) * self.tiny.stride
        edges = edges.flatten(2).permute(0, 2, 1)
        return torch.cat([centre - edges[..., :2], centre + edges[..., 2:]], 2), scores


class Whole(nn.Module):
    """A net of torchvision for one image: boxes [n, 4], scores [n], labels [n] from 0."""

    def __init__(self, detector):
        super().__init__()
        self.net = detector.net

    def forward(self, images):
        one = self.net([images[0] / 255])[0]
        return one["boxes"], one["scores"], one["labels"] - 1


def export(detector, side, path):
    """Writes the detector as ONNX and, where onnxruntime is installed, compares what it finds.
    The input `images` is float [B, 3, side, side] with pixels 0..255; only tiny takes B > 1.
    Returns the largest difference from torch, or None where there is nothing to compare with."""
    tiny = isinstance(detector, Tiny)
    net = (Cells(detector) if tiny else Whole(detector)).cpu().eval()
    images = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(0)) * 255
    names = ["boxes", "scores"] if tiny else ["boxes", "scores", "labels"]
    axes = {name: {0: "batch"} for name in ["images", *names]} if tiny else None
    # The newer exporter, where torch has it, wants packages of its own.
    has_newer = "dynamo" in inspect.signature(torch.onnx.export).parameters
    older = {"dynamo": False} if has_newer else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of constants in traces: the side is one
        torch.onnx.export(net, images, str(path), opset_version=11, input_names=["images"],
                          output_names=names, dynamic_axes=axes, **older)
    try:
        import onnxruntime
    except ImportError:
        return None
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = session.run(None, {"images": images.numpy()})
    with torch.no_grad():
        wanted = [one.numpy() for one in net(images)]
    worst = _cells_apart(found, wanted) if tiny else _boxes_apart(found, wanted)
    if worst > TOLERANCE:
        raise Error(f"{path}: onnxruntime differs from torch by {worst:.2g}, "
                    f"wanted {TOLERANCE:g} at most")
    return float(worst)


def _cells_apart(found, wanted):
    return max(abs(a - b).max() / max(abs(b).max(), 1) for a, b in zip(found, wanted))


def _boxes_apart(found, wanted, least=0.3):
    """How far the nearest box of the same class is, in box and score, from each of torch's boxes
    whose score is at least `least`; the order of equal scores may differ."""
    worst = 0.0
    for box, score, label in zip(*wanted):
        same = found[2] == label
        if score < least:
            continue
        if not same.any():
            return float("inf")
        boxes = abs(found[0][same] - box).max(1) / max(abs(box).max(), 1)
        worst = max(worst, (boxes + abs(found[1][same] - score)).min())
    return worst
