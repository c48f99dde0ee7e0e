# SPDX-License-Identifier: Apache-2.0
"""`sonsori bench speech`: how well callers are heard over a phone line."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ivr.hearing import Hearing
    from ivr.listening.clips import Clip
    from ivr.listening.scores import Outcome, Row
    from ivr.listening.unhurried import Unhurried

_NOISES = "clean,20,10,5"


def speech(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="Clips with their labels.csv."
        ),
    ],
    noise: Annotated[str, typer.Option(metavar="DB", help="Of: clean, or dB.")] = _NOISES,
    draws: Annotated[int, typer.Option(min=1, help="Each clip in so many different noises.")] = 1,
    language: Annotated[str, typer.Option(help="Only this language.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    page: Annotated[
        Path | None, typer.Option(help="Page of benchmarks whose section on hearing to write.")
    ] = None,
) -> None:
    """Say every clip that labels.csv in DIR names over a phone line, and see what is heard."""
    import structlog

    from ivr.hearing import Hearing
    from ivr.hearing.opening import open_second_opinion
    from ivr.listening.page import as_section
    from ivr.listening.scores import rows, wrong_ones
    from ivr.listening.unhurried import Unhurried
    from ivr.settings import Settings

    # One line a stream is for operators of calls, not for a thousand clips.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = Settings()
    pool = open_second_opinion(settings.whisper_models, 1)
    second = None if pool is None else Unhurried(pool)
    hearing = Hearing(settings.data_dir, settings.vosk_models, second)
    clips, noises_db = _said(folder, noise, language)
    outcomes = _measure(clips, noises_db, draws, hearing, second)
    counted = list(rows(outcomes))
    if as_json:
        wrong = [f"{one.name} {one.noise_db} {one.result}" for one in wrong_ones(outcomes)]
        told = {"rows": [row.as_dict() for row in counted], "misunderstood": wrong}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(counted)
    if page is not None:
        command = _command(noise, draws, language)
        engines = {row.language: hearing.engine(row.language) for row in counted}
        _write(page, as_section(counted, command, engines, twice=second is not None))


def _said(folder: Path, noise: str, language: str) -> tuple[list[Clip], list[float | None]]:
    from ivr.listening.clips import load_clips

    try:
        noises_db = [None if one == "clean" else float(one) for one in noise.split(",")]
        return [clip for clip in load_clips(folder) if language in ("", clip.language)], noises_db
    except FileNotFoundError as missing:
        raise typer.BadParameter(f"{missing.filename} is missing") from missing
    except ValueError as broken:
        raise typer.BadParameter(str(broken)) from broken


def _measure(
    clips: Sequence[Clip],
    noises_db: Sequence[float | None],
    draws: int,
    hearing: Hearing,
    second: Unhurried | None,
) -> list[Outcome]:
    from ivr.listening.measure import measure
    from training.progress import RichProgress

    with RichProgress() as progress:
        progress.begin("listening", len(clips) * len(noises_db) * draws)
        heard = measure(
            clips, hearing, noises_db, draws=draws, second=second, progress=progress.advance
        )
        return list(heard)


def _show(counted: Sequence[Row]) -> None:
    from rich.console import Console

    from ivr.cli.bench_tables import heard_table

    Console().print(heard_table(counted))


def _command(noise: str, draws: int, language: str) -> str:
    """What was called, without what is usual."""
    options = [
        f" --draws {draws}" if draws > 1 else "",
        f" --language {language}" if language else "",
        f" --noise {noise}" if noise != _NOISES else "",
    ]
    return "sonsori bench speech DIR" + "".join(options)


def _write(page: Path, section: str) -> None:
    from training.bench.sections import with_section

    page.write_text(with_section(page.read_text("utf-8"), section), "utf-8")
    typer.echo(f"written: {page}", err=True)
