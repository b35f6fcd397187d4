"""Write the answers files that `gtmdiag init` gives as examples, from the packaged instruments."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from gtmdiag.engagement.roles import known_roles
from gtmdiag.instruments.load import PACKAGED, packaged
from gtmdiag.instruments.schema import Instrument, Scale
from gtmdiag.resources import templates

HEAD = """\
# Copy this folder to answers/<wave>/ and rename this file to <respondent>.yaml; the name is not the role.
# Write each answer after its colon. A line left empty means: not answered.
# Nothing in this folder is read while it is called EXAMPLE.

schema: gtmdiag.answers/1
"""


def example(person: str) -> str:
    """Return the example of a ``"ceo"`` or of a ``"leader"``: every packaged question with blank answers."""
    others = ", ".join(known_roles())
    role = "role: ceo\n" if person == "ceo" else f"# One of: {others}\nrole: cmo\n"
    parts = [line for name in PACKAGED for line in _instrument(packaged(name), person)]
    return f"{HEAD}{role}\nanswers:\n" + "\n".join(parts) + "\n"


def write() -> tuple[Path, ...]:
    """Write both examples into the templates and return their paths."""
    folder = templates() / "engagement" / "answers" / "EXAMPLE"
    paths = tuple(folder / f"{person}.yaml" for person in ("ceo", "leader"))
    for path in paths:
        path.write_text(example(path.stem), encoding="utf-8")
    return paths


def _instrument(instrument: Instrument, person: str) -> Iterator[str]:
    if instrument.id != PACKAGED[0]:
        yield ""
    yield from _comment(instrument.title, "  ")
    yield from _comment(instrument.notice, "  ") if instrument.notice else ()
    yield f"  {instrument.id}:"
    yield f'    version: "{instrument.version}"'
    yield "    items:"
    before = ""
    for item in instrument.items:
        if item.scale != before:
            yield ""
            yield from _comment(f"Answers: {_answers(instrument.scales[item.scale])}", "      ")
            before = item.scale
        yield from _comment(item.self_ if person == "ceo" else item.observer or item.self_, "      ")
        yield f"      {item.id}:"


def _answers(scale: Scale) -> str:
    told = (
        str(option.value) if str(option.value) == option.label.lower() else f"{option.value} ({option.label})"
        for option in scale.options
    )
    return ", ".join(told)


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, 120, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


if __name__ == "__main__":
    write()
