"""The figure of the marketing chapter: the four pillars as marketing and as sales see them."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from gtmdiag.diagnostics.marketing import MarketingResult, Pillar
from gtmdiag.diagnostics.marketing.words import shown
from gtmdiag.diagnostics.numbers import capital, count, lower_first
from gtmdiag.instruments.scoring import Index
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block


def pillar_gaps(result: MarketingResult) -> blocks.Figure | None:
    """Draw each pillar from 0 to 100 with both sides and the CEO; None where nothing may be shown."""
    views = ("Marketing", "Sales", "CEO")
    if all(_middle(_view(one, name)) is None for one in result.pillars for name in views):
        return None
    with drawing(0.55 * len(result.pillars) + 0.75, (2.35, 0.25, 0.4, 0.35)) as (figure, axes, theme):
        colours = (theme.series[0], theme.series[2], theme.series[1])
        marks = ("o", "D", "|")
        axes.set(xlim=(0, 100), ylim=(len(result.pillars) - 0.4, -0.6))
        axes.set_yticks(range(len(result.pillars)), [one.label for one in result.pillars])
        axes.axvline(50, color=theme.light.line, linewidth=1)
        for place, one in enumerate(result.pillars):
            both = [_middle(one.marketing), _middle(one.sales)]
            axes.plot([0, 100], [place, place], color=theme.light.line, linewidth=0.6, zorder=1)
            if both[0] is not None and both[1] is not None:
                wide = one in result.apart
                axes.plot(
                    [both[0], both[1]],
                    [place, place],
                    color=theme.light.bad if wide else theme.light.muted,
                    linewidth=3.5 if wide else 2,
                    alpha=0.55,
                    solid_capstyle="butt",
                    zorder=2,
                )
            for name, colour, mark in zip(views, colours, marks, strict=True):
                value = _middle(_view(one, name))
                if value is not None:
                    size = 150 if mark == "|" else 44
                    axes.scatter([value], [place], color=colour, marker=mark, s=size, linewidths=2, zorder=3)
        for name, colour, mark in zip(views, colours, marks, strict=True):
            if any(_middle(_view(one, name)) is not None for one in result.pillars):
                axes.scatter([], [], color=colour, marker=mark, s=60 if mark == "|" else 30, label=name)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, borderpad=0, handletextpad=0.2)
        caption = "Index from 0 to 100; low below 50. Apart from 25 points, one step of the scale. Suite method."
        return figure_block(figure, _title(result), _alt(result), caption)


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
