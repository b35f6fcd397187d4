"""A client's look as an executed notebook carries it, so that the notebook alone is enough to make every format."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from pydantic import ValidationError

from gtmdiag.engagement.branding import Branding
from gtmdiag.engagement.logo import Logo, logo_of
from gtmdiag.errors import InputError
from gtmdiag.report.theme import Theme, load_theme


@dataclass(frozen=True)
class Brand:
    """Colours (empty for the suite's own), paper (``"a4"``, ``"letter"`` or empty) and logo of a client."""

    primary: str = ""
    accent: str = ""
    paper: str = ""
    logo: Logo | None = None

    @property
    def theme(self) -> Theme:
        """The theme in the client's colours."""
        return load_theme().branded(self.primary, self.accent)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON data for a notebook's metadata."""
        return asdict(self)


def brand_of(branding: Branding, logo: Logo | None) -> Brand:
    """Return the brand that client.yaml tells."""
    return Brand(branding.primary or "", branding.accent or "", branding.paper or "", logo)


def read_brand(metadata: object) -> tuple[Brand, str]:
    """Return the brand of a notebook's metadata, and what of it cannot be used, in words or empty.

    A notebook can be edited by hand, so that colours and logo are checked here again.
    """
    if not isinstance(metadata, Mapping):
        return Brand(), ""
    told = cast("Mapping[str, Any]", metadata)
    try:
        kept = {key: told.get(key) or None for key in ("primary", "accent", "paper")}
        branding = Branding.model_validate(kept)
        logo = told.get("logo")
        return brand_of(branding, None if not logo else _logo(cast("Mapping[str, Any]", logo))), ""
    except (ValidationError, InputError, ValueError, TypeError, KeyError):
        return Brand(), "The notebook's gtmdiag.brand cannot be used; the suite's own look stands instead. Render anew."


def _logo(told: Mapping[str, Any]) -> Logo:
    data = str(told["data"])
    return logo_of(base64.b64decode(data) if told["kind"] == "png" else data.encode(), "logo")
