"""Muon: momentum whose steps turn a layer's weights equally far in all directions."""

from __future__ import annotations

import numpy as np
import torch

# Coefficients of Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024):
# five rounds bring every singular value between 0.01 and 1 to about 1.
_QUINTIC, _ROUNDS = (3.4445, -4.7750, 2.0315), 5
_AS_ADAMW = 0.2  # root mean square of AdamW's steps, as Liu et al., "Muon is scalable" (2025)


class Muon(torch.optim.Optimizer):
    """For weights of two and more axes, the first of which are outputs. Steps are as large as
    AdamW's with the same `lr`, so that both can go by one rate."""

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(parameters,
                         {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["momentum"] = torch.zeros_like(weight)
                mean = state["momentum"].lerp_(weight.grad, 1 - group["momentum"])
                ahead = weight.grad.lerp(mean, group["momentum"])  # Nesterov
                flat = ahead.flatten(1)
                # Not every torch has a fast product of matrices on the CPU; NumPy does.
                turn = (orthogonal(flat) if flat.is_cuda
                        else torch.from_numpy(orthogonal(flat.numpy())))
                size = _AS_ADAMW * max(turn.shape) ** 0.5
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                weight.sub_(turn.reshape(weight.shape), alpha=group["lr"] * size)


def orthogonal(matrix):
    """About U V^T of a matrix U S V^T [m, n], by Newton-Schulz rounds; NumPy's or torch's.

    A round multiplies from the left by a polynomial of the Gram matrix; as that is the smaller by
    far, the rounds stay with it."""
    a, b, c = _QUINTIC
    wide = matrix.shape[0] <= matrix.shape[1]
    x = matrix if wide else matrix.T
    x = x / ((x * x).sum() ** 0.5 + 1e-7)
    one = np.eye(len(x), dtype=x.dtype) if isinstance(x, np.ndarray) else torch.eye(len(x)).to(x)
    gram, turn = x @ x.T, one
    for _ in range(_ROUNDS):
        factor = a * one + b * gram + c * gram @ gram
        gram, turn = factor @ gram @ factor, factor @ turn
    x = turn @ x
    return x if wide else x.T
