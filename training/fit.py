# SPDX-License-Identifier: Apache-2.0
"""The trainer: a model, batches and a loss come in; a better model comes out.

It knows nothing of digits, files or MLflow. Whoever wants to know what happens passes callbacks.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from training.checkpoint import Checkpoint
from training.progress import NullProgress, ProgressBar

Batch = TypeVar("Batch")


def half_precision() -> torch.autocast:
    """bfloat16 arithmetic where the processor has it (twice as fast there), else nothing."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported())


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to learn. One cycle: rate up for `warm_share`, then down to zero."""

    epochs: int = 10
    rate: float = 3e-3
    weight_decay: float = 0.02
    warm_share: float = 0.15
    clip: float = 5.0
    average: float = 0.998  # decay of the averaged weights that are kept in the end
    seed: int = 7
    threads: int = 2


@dataclass(frozen=True, slots=True)
class EpochEnd:
    """What a callback is told after each epoch. `model` is the averaged one."""

    epoch: int
    loss: float
    model: nn.Module


Callback = Callable[[EpochEnd], None]


@dataclass(slots=True)
class Averaged:
    """A running mean of a model's weights: it reads better than the last step's weights."""

    decay: float
    model: nn.Module
    steps: int = field(default=0)

    def update(self, live: nn.Module) -> None:
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        for kept, now in zip(
            self.model.state_dict().values(), live.state_dict().values(), strict=True
        ):
            if kept.dtype.is_floating_point:
                kept.lerp_(now, 1 - decay)
            else:
                kept.copy_(now)


def fit(
    model: nn.Module,
    batches: Callable[[int], Iterable[Batch]],
    loss_of: Callable[[nn.Module, Batch], Tensor],
    *,
    steps_per_epoch: int,
    recipe: Recipe,
    callbacks: Sequence[Callback] = (),
    progress: ProgressBar | None = None,
    checkpoint: Checkpoint | None = None,
) -> nn.Module:
    """Trains `model` and gives back its averaged twin, in evaluation mode.

    `batches(epoch)` yields `steps_per_epoch` batches; `loss_of(model, batch)` is a scalar. With a
    `checkpoint` it goes on after the last whole epoch and ends with the same weights as if it had
    never stopped, provided that `batches` draws each epoch's chance from the epoch's number or
    from torch's own generator.
    """
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    progress = progress or NullProgress()
    _lay_out(model)
    optimiser = torch.optim.AdamW(
        _groups(model, recipe.weight_decay), lr=recipe.rate, betas=(0.9, 0.98)
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        recipe.rate,
        total_steps=recipe.epochs * steps_per_epoch,
        pct_start=recipe.warm_share,
    )
    averaged = Averaged(recipe.average, copy.deepcopy(model).eval())
    parts = {
        "model": model,
        "averaged": averaged.model,
        "optimiser": optimiser,
        "schedule": schedule,
    }
    done, averaged.steps = checkpoint.restore(parts) if checkpoint else (0, 0)
    progress.begin("training", recipe.epochs * steps_per_epoch)
    progress.advance(done * steps_per_epoch)
    for epoch in range(done, recipe.epochs):
        model.train()
        losses = []
        for batch in batches(epoch):
            losses.append(_step(model, loss_of(model, batch), optimiser, recipe.clip))
            schedule.step()
            averaged.update(model)
            progress.advance(1, f"epoch {epoch + 1} loss {losses[-1]:.4f}")
        end = EpochEnd(epoch + 1, sum(losses) / max(len(losses), 1), averaged.model)
        for callback in callbacks:
            callback(end)
        if checkpoint:
            checkpoint.save(epoch + 1, parts, averaged.steps)
    return averaged.model


def _lay_out(model: nn.Module) -> None:
    """Channels last: a processor's convolutions are a quarter faster so."""
    for parameter in model.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)


def _step(model: nn.Module, loss: Tensor, optimiser: torch.optim.Optimizer, clip: float) -> float:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimiser.step()
    return float(loss.detach())


def _groups(model: nn.Module, decay: float) -> list[dict[str, object]]:
    """Decay for matrices and kernels only: pulling a bias or a scale to zero helps nobody."""
    heavy = [p for p in model.parameters() if p.ndim > 1]
    light = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": heavy, "weight_decay": decay}, {"params": light, "weight_decay": 0.0}]


def keep_weights(path: Path) -> Callback:
    """Writes the weights to `path` after every epoch, whole or not at all."""

    def keep(end: EpochEnd) -> None:
        partial = path.with_suffix(".partial")
        torch.save(end.model.state_dict(), partial)
        partial.replace(path)

    return keep
