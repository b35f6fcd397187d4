"""The form as a widget of a notebook; each change goes to a callback that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

import anywidget
import traitlets

from gtmdiag.assess.answersfile import kept_comment
from gtmdiag.assess.form import FormSpec
from gtmdiag.assess.page import form_css, form_module
from gtmdiag.errors import GtmdiagError

Record = Mapping[str, Any]
"""A respondent's answers as JSON data, ``gtmdiag.answers/1``."""


class AssessmentForm(anywidget.AnyWidget):
    """The assessment form, live.

    Attributes
    ----------
    spec
        What is asked, as JSON data (``gtmdiag.form/1``).
    answers
        The respondent's answers so far (``gtmdiag.answers/1``); empty before the first.
    status
        What became of the last change: ``state`` ("saved" or "failed"), ``of`` (the ``saved_at`` of the answers it
        speaks of), ``at`` (ISO time), ``detail`` (why it failed, in plain words), ``cut`` (whether a comment is longer
        than what is kept).
    """

    _esm = form_module()
    _css = form_css()

    spec = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        spec: FormSpec,
        answers: Record,
        save: Callable[[Record], Record | None],
        now: Callable[[], datetime],
    ) -> None:
        """Show ``spec`` with ``answers``.

        Parameters
        ----------
        spec
            What is asked of whom.
        answers
            What is answered already; empty for nothing.
        save
            Called on each change with all answers; it keeps them and may return them joined with what another session
            has kept meanwhile. Its `GtmdiagError` or `OSError` is told to the respondent.
        now
            The clock, with its time zone.
        """
        super().__init__(spec=spec.to_dict(), answers=dict(answers))
        self._save = save
        self._now = now
        self.observe(self._changed, names="answers")

    def _changed(self, change: Mapping[str, Any]) -> None:
        given = cast("dict[str, Any]", change["new"])
        try:
            kept = self._save(given)
        except (GtmdiagError, OSError) as error:
            self.status = self._told("failed", given, str(error))
            return
        self.status = self._told("saved", given, "")
        if kept is not None and dict(kept) != given:
            self.unobserve(self._changed, names="answers")
            self.answers = dict(kept)
            self.observe(self._changed, names="answers")

    def _told(self, state: str, given: Record, detail: str) -> dict[str, Any]:
        answers: dict[str, dict[str, Any]] = given.get("answers") or {}
        cut = any(kept_comment(one.get("comment") or "")[1] for one in answers.values())
        of = {"of": given.get("saved_at"), "at": self._now().isoformat()}
        return {"state": state, **of, "detail": detail, "cut": cut}
