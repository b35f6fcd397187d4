"""Write one person's answers as the YAML that the engagement reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime

from gtmdiag.assess.merge import utc
from gtmdiag.engagement.schema import Answers, InstrumentAnswers, Prediction

_PLAIN = re.compile(r"[a-z][a-z0-9_.]*")


def answers_yaml(answers: Answers) -> bytes:
    """Return the file's content. Every text is quoted, so that none can be markup, a number or a date by accident."""
    return ("\n".join(_lines(answers)) + "\n").encode("utf-8")


def _lines(answers: Answers) -> Iterator[str]:
    yield "schema: gtmdiag.answers/1"
    yield f"role: {answers.role}"
    if answers.saved_at is not None:
        yield f"saved_at: {time_text(answers.saved_at)}"
    if answers.submitted is not None:
        yield f"submitted: {time_text(answers.submitted)}"
    if answers.prediction is not None:
        yield from _prediction(answers.prediction)
    if answers.answers:
        yield "answers:"
    for name, part in answers.answers.items():
        yield f"  {_quoted(name)}:"
        yield from _part(part)


def _prediction(prediction: Prediction) -> Iterator[str]:
    yield "prediction:"
    yield "  stage:" if prediction.stage is None else f"  stage: {_quoted(prediction.stage, always=True)}"
    if prediction.rate is not None:
        yield f"  rate: {json.dumps(prediction.rate)}"
    if prediction.at is not None:
        yield f"  at: {time_text(prediction.at)}"


def _part(part: InstrumentAnswers) -> Iterator[str]:
    if part.version is not None:
        yield f"    version: {_quoted(part.version, always=True)}"
    if part.hash is not None:
        yield f"    hash: {_quoted(part.hash, always=True)}"
    yield "    items:" if part.items else "    items: {}"
    for item, value in part.items.items():
        shown = "" if value is None else f" {value}" if isinstance(value, int) else f" {_quoted(value, always=True)}"
        yield f"      {_quoted(item)}:{shown}"
    if part.comments:
        yield "    comments:"
    for item, comment in part.comments.items():
        yield f"      {_quoted(item)}: {_quoted(comment, always=True)}"
    if part.at:
        yield "    at:"
    for item, moment in part.at.items():
        yield f"      {_quoted(item)}: {time_text(moment)}"


def time_text(moment: datetime) -> str:
    """Return a time as text, in UTC to the millisecond, as a browser writes it."""
    return utc(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _quoted(text: str, *, always: bool = False) -> str:
    """Return text as YAML: plain where it is an id, else in JSON's quotes, which are YAML's."""
    if not always and _PLAIN.fullmatch(text) and text not in ("null", "true", "false"):
        return text
    # Three characters that JSON leaves as they are end a line in YAML or stand for a byte order.
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub("[\u0085\u2028\u2029\ufeff\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", quoted)
