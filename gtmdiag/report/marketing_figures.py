"""The figure of the marketing chapter: the four pillars as marketing and as sales see them."""

from __future__ import annotations

from gtmdiag.diagnostics.marketing import MarketingResult, Pillar
from gtmdiag.diagnostics.marketing.words import shown
from gtmdiag.diagnostics.numbers import capital, count, lower_first
from gtmdiag.instruments.scoring import Index
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block
from gtmdiag.report.lettering import label_size, width_of
from gtmdiag.report.panel import Panel


def pillar_gaps(result: MarketingResult) -> blocks.Figure | None:
    """Draw each pillar from 0 to 100 with both sides and the CEO; None where nothing may be shown."""
    views = ("Marketing", "Sales", "CEO")
    if all(_middle(_view(one, name)) is None for one in result.pillars for name in views):
        return None
    sheet, rows = drawing(0.55 * len(result.pillars) + 0.75), len(result.pillars)
    theme, panel = sheet.theme, Panel(sheet, (2.35, 0.25, 0.4, 0.35), x=(0, 100), y=(rows - 0.4, -0.6))
    looks = tuple(zip(views, (theme.series[0], theme.series[2], theme.series[1]), ("o", "D", "|"), strict=True))
    panel.x_names(range(0, 101, 20), [f"{mark}" for mark in range(0, 101, 20)])
    panel.y_names(range(rows), [one.label for one in result.pillars])
    for place in range(rows):
        panel.level(place, theme.light.line, 0.6)
    panel.upright(50, theme.light.line, 1)
    panel.edge("left", "bottom")
    for place, one in enumerate(result.pillars):
        both = _middle(one.marketing), _middle(one.sales)
        if both[0] is not None and both[1] is not None:
            colour, width = (theme.light.bad, 3.5) if one in result.apart else (theme.light.muted, 2)
            panel.line((both[0], both[1]), (place, place), colour, width, alpha=0.55, cap="butt")
        for name, colour, mark in looks:
            value = _middle(_view(one, name))
            if value is not None:
                panel.dots([(value, place)], colour, 12.25 if mark == "|" else 6.63, mark=mark, edge=2)
    em = label_size()
    x = 1.5 * em
    for name, colour, mark in looks:
        if any(_middle(_view(one, name)) is not None for one in result.pillars):
            size, edge = (7.75, 1.5) if mark == "|" else (5.48, 1.0)
            panel.dots([(0, -0.6)], colour, size, mark=mark, edge=edge, whole=True, shift=(x, 1.01 * em))
            panel.text(0, -0.6, name, theme.light.ink, shift=(x + 1.2 * em, 0.75 * em))
            x += 4.2 * em + 72 * width_of(name, em)
    caption = "Index from 0 to 100; low below 50. Apart from 25 points, one step of the scale. Suite method."
    return figure_block(sheet, _title(result), _alt(result), caption)


def _view(pillar: Pillar, name: str) -> Index | None:
    return {"Marketing": pillar.marketing, "Sales": pillar.sales, "CEO": pillar.ceo}[name]


def _middle(index: Index | None) -> float | None:
    return None if index is None or index.low is None or index.high is None else (index.low + index.high) / 2


def _title(result: MarketingResult) -> str:
    if result.apart:
        widest = result.apart[0]
        return f"Marketing and sales are {abs(widest.gap or 0):.0f} points apart on {lower_first(widest.label)}"
    low = sum(pillar.low is True for pillar in result.pillars)
    if low:
        return f"{capital(count(low, 'pillar'))} of {len(result.pillars)} {'lies' if low == 1 else 'lie'} below 50"
    return "The four pillars, from 0 to 100"


def _alt(result: MarketingResult) -> str:
    rows = [
        f"{one.label}: marketing {shown(one.marketing)}, sales {shown(one.sales)}, CEO {shown(one.ceo)}"
        for one in result.pillars
    ]
    return f"Four pillars of marketing from 0 to 100. {'; '.join(rows)}."
