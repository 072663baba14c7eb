"""Tiny: an anchor-free detector that learns from nothing in minutes on two cores.

A small residual network sees the image at strides 4 to 32 and a feature pyramid brings all it saw
back to stride 8 (4 for small objects). There each cell says three things: whether the centre of an
object is here (one heat map for all classes, as CenterNet's), how far the object's four edges are
(as FCOS's), and which class it has. Classes are learned where objects are and not against the
background, so that a few thousand images are enough to tell a nine from a ten.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = (32, 64, 128, 128)  # channels at strides 4, 8, 16, 32; multiples of 16 are fast
NECK = 64
MEAN, SCALE = 114.0, 64.0  # of pixels 0..255; 114 is also the grey of what is outside an image
UNIT = 16.0  # pixels: the distance that a fresh net gives each edge


def conv(inputs, outputs, kernel=3, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
                         nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, channels):
        super().__init__()
        self.first = conv(channels, channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm.weight)  # a fresh block is the identity

    def forward(self, x):
        return F.relu(x + self.norm(self.second(self.first(x))))


class Tiny(nn.Module):
    """Images float [B, 3, H, W], pixels 0..255, sides multiples of 32. Cells are `stride` pixels
    wide: 4, or 8, which is twice as fast and enough where objects are 20 pixels apart."""

    def __init__(self, classes, stride=8):
        super().__init__()
        self.classes, self.stride = classes, stride
        w4, w8, w16, w32 = WIDTHS
        self.backbone = nn.ModuleList([
            # 2x2 pixels as 12 channels: nothing is lost, and nothing computed at full size
            nn.Sequential(nn.PixelUnshuffle(2), conv(12, w4, stride=2), Block(w4)),
            nn.Sequential(conv(w4, w8, stride=2), Block(w8)),
            nn.Sequential(conv(w8, w16, stride=2), Block(w16), Block(w16)),
            nn.Sequential(conv(w16, w32, stride=2), Block(w32)),
        ])
        self.finest = (4, 8).index(stride)
        self.lateral = nn.ModuleList([conv(w, NECK, 1) for w in WIDTHS[self.finest:]])
        self.smooth = nn.ModuleList([conv(NECK, NECK) for _ in WIDTHS[1 + self.finest:]])
        self.head = conv(NECK, NECK)
        self.out = nn.Conv2d(NECK, 1 + 4 + classes, 1)
        nn.init.normal_(self.out.weight, std=0.01)
        nn.init.zeros_(self.out.bias)
        nn.init.constant_(self.out.bias[:1], -4.0)  # hardly any cell is a centre

    def forward(self, images):
        """Heat [B, 1, h, w] and classes [B, C, h, w] as logits; edges [B, 4, h, w], the distances
        in pixels from the cell's centre to left, top, right and bottom."""
        x = (images - MEAN) / SCALE
        levels = []
        for stage in self.backbone:
            x = stage(x)
            levels.append(x)
        levels = levels[self.finest:]
        x = self.lateral[-1](levels[-1])
        for k in reversed(range(len(levels) - 1)):
            x = F.interpolate(x, scale_factor=2.0, mode="nearest") + self.lateral[k](levels[k])
            x = self.smooth[k](x)
        # Losses need more digits than products.
        heat, edges, classes = self.out(self.head(x)).float().split([1, 4, self.classes], 1)
        return heat, UNIT * torch.exp(edges.clamp(-4, 4)), classes

    def loss(self, images, targets):
        """Losses by name. `targets`: (boxes, labels, ignored) tensors for each image."""
        heat, edges, classes = self(images)
        wanted = [_targets(*target, heat.shape[2:], self.stride) for target in targets]
        goal, weight, boxes, labels, image, cell = _collate(wanted, images.device)
        edges = edges.flatten(2).permute(0, 2, 1)[image, cell]
        logits = classes.flatten(2).permute(0, 2, 1)[image, cell]
        centre = _centres(cell, heat.shape[3], self.stride)
        overlap = _giou(_boxes(centre, edges), boxes)
        return {
            "heat": _focal(heat[:, 0], goal, weight),
            "box": 2.0 * (1 - overlap).sum() / max(len(overlap), 1),
            "class": F.cross_entropy(logits, labels, reduction="sum") / max(len(labels), 1),
        }

    @torch.no_grad()
    def detect(self, images, limit=100, least=0.01):
        """For each image (boxes [n, 4], scores [n], labels [n]), best first."""
        heat, edges, classes = self(images)
        heat = heat.sigmoid()
        peak = (F.max_pool2d(heat, 3, 1, 1) == heat) & (heat > least)
        scores = heat * peak * classes.softmax(1)
        found = []
        for b in range(len(images)):
            flat = scores[b].flatten(1)
            top, place = flat.flatten().topk(min(4 * limit, flat.numel()))
            place = place[top > least]
            top = top[top > least]
            label = torch.div(place, flat.shape[1], rounding_mode="floor")
            cell = place % flat.shape[1]
            boxes = _boxes(_centres(cell, heat.shape[3], self.stride),
                           edges[b].flatten(1).t()[cell])
            kept = suppress(boxes, top, label, 0.6)[:limit]
            found.append((boxes[kept], top[kept], label[kept]))
        return found

    def head_parameters(self):
        """Names of what depends on the classes."""
        return {"out.weight", "out.bias"}

    def class_rows(self, name, size, classes):
        """Which of the `size` rows of a head's parameter are each class's: int64 [classes, n];
        None if it is the same for all of them."""
        return torch.arange(size - classes, size)[:, None]

    def backbone_modules(self):
        return [self.backbone]


def suppress(boxes, scores, labels, overlap):
    """Indices of boxes that no better one of their class covers, best first."""
    order = scores.argsort(descending=True)
    boxes, labels = boxes[order], labels[order]
    area = (boxes[:, 2:] - boxes[:, :2]).clamp(min=0).prod(1)
    corner = torch.maximum(boxes[:, None, :2], boxes[None, :, :2])
    other = torch.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    both = (other - corner).clamp(min=0).prod(2)
    rival = (both > overlap * (area[:, None] + area[None] - both)) & (
        labels[:, None] == labels[None])
    alive = torch.ones(len(order), dtype=torch.bool)
    rival = rival.cpu()
    for i in range(len(order)):
        if alive[i]:
            alive[i + 1:] &= ~rival[i, i + 1:]
    return order[alive.to(order.device)]


def _centres(cell, width, stride):
    """Pixel positions [n, 2] of the middles of cells."""
    x, y = cell % width, torch.div(cell, width, rounding_mode="floor")
    return (torch.stack([x, y], 1) + 0.5) * stride


def _boxes(centre, edges):
    return torch.cat([centre - edges[:, :2], centre + edges[:, 2:]], 1)


def _targets(boxes, labels, ignored, size, stride):
    """What an image of `size` cells should say: heat [h, w], its weight [h, w], and the positive
    cells with their boxes and labels: the 3x3 around each centre, of the smaller box where two
    meet. Ignored boxes weigh nothing where no object's centre is."""
    height, width = size
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    heat, weight = torch.zeros(height, width), torch.ones(height, width)
    owner = torch.full((height, width), -1, dtype=torch.long)
    for box in boxes[ignored] / stride:
        weight[(x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])] = 0
    order = (boxes[:, 2:] - boxes[:, :2]).prod(1).argsort(descending=True)
    for i in order.tolist():
        if ignored[i]:
            continue
        x0, y0, x1, y1 = (boxes[i] / stride).tolist()
        cx = min(max(int((x0 + x1) / 2), 0), width - 1)
        cy = min(max(int((y0 + y1) / 2), 0), height - 1)
        sigma = max(0.12 * min(x1 - x0, y1 - y0), 0.7)
        blob = torch.exp(-((x - cx - 0.5) ** 2 + (y - cy - 0.5) ** 2) / (2 * sigma**2))
        heat = torch.maximum(heat, blob)
        weight = torch.where(blob > 0.1, torch.ones_like(weight), weight)
        owner[max(cy - 1, 0):cy + 2, max(cx - 1, 0):cx + 2] = i
    cells = (owner.flatten() >= 0).nonzero()[:, 0]
    mine = owner.flatten()[cells]
    return heat, weight, boxes[mine], labels[mine], cells


def _collate(wanted, device):
    heat = torch.stack([w[0] for w in wanted]).to(device)
    weight = torch.stack([w[1] for w in wanted]).to(device)
    boxes, labels, cells = (torch.cat([w[k] for w in wanted]).to(device) for k in (2, 3, 4))
    image = torch.cat([torch.full_like(w[4], i) for i, w in enumerate(wanted)]).to(device)
    return heat, weight, boxes, labels, image, cells


def _focal(logits, goal, weight):
    """CenterNet's focal loss for a heat map whose peaks are 1, per peak."""
    heat = logits.sigmoid()
    positive = goal == 1
    at_peak = F.logsigmoid(logits) * (1 - heat) ** 2
    elsewhere = F.logsigmoid(-logits) * heat**2 * (1 - goal) ** 4
    total = torch.where(positive, at_peak, elsewhere) * weight
    return -total.sum() / positive.sum().clamp(min=1)


def _giou(a, b):
    """Generalised IoU of boxes [n, 4], pair by pair."""
    both = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0)
    around = torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])
    inter, hull = both.prod(1), around.prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - inter
    return inter / union - (hull - union) / hull
