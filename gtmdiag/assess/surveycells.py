"""Read the answers in the cells of a survey's export, one row after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gtmdiag.assess.answersfile import kept_comment
from gtmdiag.assess.matching import Asked, find_value
from gtmdiag.assess.merge import Cell, part_of
from gtmdiag.assess.surveyrules import Accepted, tools
from gtmdiag.assess.surveytable import Export
from gtmdiag.engagement.schema import COMMENT_LIMIT, InstrumentAnswers
from gtmdiag.errors import Problem, Severity, shorten
from gtmdiag.instruments.answers import DONT_KNOW, is_allowed
from gtmdiag.instruments.schema import Instrument, Scale, Value

_LISTED = 5


@dataclass(frozen=True)
class _Misfit:
    """Why cells of one column cannot be taken."""

    header: str
    found: str
    allowed: str
    remedy: str
    severity: Severity = "error"


class CellReader:
    """Reads rows and remembers, for each column, what did not fit and in which rows.

    Attributes
    ----------
    notes
        What was read in a way of its own, in words.
    proposed
        By item, texts that are nearly an answer, and that answer.
    """

    def __init__(
        self, export: Export, asked: Mapping[str, Asked], instruments: Mapping[str, Instrument], accepted: Accepted
    ) -> None:
        self._export = export
        self._asked = asked
        self._instruments = instruments
        self._accepted = accepted
        self._texts = {header: export.texts(header) for header in asked if export.header.count(header) == 1}
        self._misfits: dict[_Misfit, list[int]] = {}
        self.proposed: dict[str, dict[str, int | str]] = {}
        self.notes: list[str] = []
        self._binary = {header for header, one in asked.items() if not one.comment and self._is_binary(header)}

    def row(self, row: int, role: str, at: datetime) -> dict[str, InstrumentAnswers]:
        """Return one person's answers by instrument; empty where the row holds none."""
        found: dict[str, dict[str, Cell]] = {}
        for header, texts in self._texts.items():
            text = texts[row]
            if not text:
                continue
            asked = self._asked[header]
            name = asked.item.partition(".")[0]
            if not self._for_role(asked, role):
                self._misfit(row, header, *_other_wording(asked.wording))
                continue
            part = found.setdefault(name, {})
            before = part.get(asked.item, Cell(None, "", at))
            if asked.comment:
                part[asked.item] = replace(before, comment=self._comment(row, header, before.comment, text))
                continue
            value = self._value(row, header, text)
            if value is None:
                continue
            if before.value not in (None, value):
                remedy = "Leave one of the columns out in a file for --accept."
                self._misfit(row, header, f"a second, other answer to {asked.item}", "one answer", remedy)
            part[asked.item] = replace(before, value=value)
        return {
            name: part_of(self._instruments[name].version, self._instruments[name].hash, part)
            for name, part in found.items()
            if part
        }

    def problems(self) -> Iterator[Problem]:
        """Yield what did not fit, one problem for each column and reason."""
        for misfit, rows in self._misfits.items():
            lines = [self._export.line(row) for row in rows[:_LISTED]]
            listed = ", ".join([lines[0], *(line.partition(" ")[2] for line in lines[1:])])
            place = f"column {shorten(misfit.header, 80)}, {listed}{' …' if len(rows) > _LISTED else ''}"
            yield Problem(self._export.shown_as, place, misfit.found, misfit.allowed, misfit.remedy, misfit.severity)

    def _for_role(self, asked: Asked, role: str) -> bool:
        return asked.wording in ("both", "id") or (asked.wording == "self") == (role == "ceo")

    def _comment(self, row: int, header: str, before: str, text: str) -> str:
        """Return a comment with what another column of the question holds, cut to what is kept."""
        comment, cut = kept_comment(f"{before}\n{text}" if before else text)
        if cut:
            found, allowed = "a longer comment", f"{COMMENT_LIMIT:,} characters"
            remedy = "The rest was left out; it stays in the export."
            self._misfits.setdefault(_Misfit(header, found, allowed, remedy, "warning"), []).append(row)
        return comment

    def _value(self, row: int, header: str, text: str) -> Value | None:
        item_id = self._asked[header].item
        scale = self._scale(item_id)
        decided = self._accepted.values.get(item_id, {}).get(text)
        if decided is not None:
            if decided == DONT_KNOW or is_allowed(scale, decided):
                return decided
            self._misfit(
                row, header, f"{shorten(text)}, accepted as {shorten(decided)}", _options(scale), "Correct it."
            )
            return None
        if header in self._binary:
            return "yes" if text == "1" else "no"
        match = find_value(scale, text)
        if match is not None and match.certainty == 1:
            return match.value
        if tools().is_dont_know(text):
            return DONT_KNOW
        if match is None:
            self._misfit(row, header, shorten(text), _options(scale), "Name its answer under 'values' for --accept.")
            return None
        self.proposed.setdefault(item_id, {})[text] = match.value
        found = f"{shorten(text)}, nearly {shorten(match.value)} ({match.certainty:.0%} alike)"
        self._misfit(row, header, found, _options(scale), "Decide: see --write and --accept.")
        return None

    def _is_binary(self, header: str) -> bool:
        """Tell whether a yes/no question is answered by 1 and 0, as one survey tool exports it."""
        options = {option.value for option in self._scale(self._asked[header].item).options}
        texts = {text for text in self._texts[header] if text}
        if options != {"yes", "no"} or not texts or not texts <= {"1", "0"}:
            return False
        self.notes.append(f"column {shorten(header, 50)} is answered by 1 and 0, read as yes and no")
        return True

    def _scale(self, item_id: str) -> Scale:
        instrument = self._instruments[item_id.partition(".")[0]]
        item = instrument.item(item_id)
        assert item is not None
        return instrument.scale_of(item)

    def _misfit(self, row: int, header: str, found: str, allowed: str, remedy: str) -> None:
        self._misfits.setdefault(_Misfit(header, found, allowed, remedy), []).append(row)


def _other_wording(wording: str) -> tuple[str, str, str]:
    asked, others = ("CEO's own", "somebody else") if wording == "self" else ("observers'", "the CEO")
    allowed = "the CEO's own wording for the CEO, the observers' for everyone else"
    remedy = "Ask the person again in the right wording, or accept the column by its item id."
    return f"an answer of {others} to the {asked} wording", allowed, remedy


def _options(scale: Scale) -> str:
    return ", ".join(f"{option.value} ({option.label})" for option in scale.options)
