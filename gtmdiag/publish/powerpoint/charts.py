"""Native charts with their numbers in a workbook of their own. No label of a client becomes a formula there."""

# python-pptx has types only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportPrivateUsage=false, reportIncompatibleVariableOverride=false

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, XyWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml.ns import qn
from pptx.util import Pt

from gtmdiag.engagement.branding import contrast
from gtmdiag.publish.office import UNDATED, new_workbook
from gtmdiag.publish.powerpoint.xml import CHART, child
from gtmdiag.report.records import Chart, Series, Unit
from gtmdiag.report.text import cut
from gtmdiag.report.theme import Theme

FORMATS: dict[Unit, str] = {
    "share": "0%",
    "count": "#,##0",
    "index": "0",
    "scale": "0.0",
    "money": "#,##0",
    "days": "0",
}
_MOST: dict[Unit, float] = {"share": 1.0, "index": 100.0, "scale": 5.0}
_LETTERS = 40
_LEAST = 7.5


@contextmanager
def _worksheet(xlsx_file: Any) -> Generator[tuple[Any, Any]]:
    workbook = new_workbook(xlsx_file)
    workbook.set_properties({"created": UNDATED})
    yield workbook, workbook.add_worksheet()
    workbook.close()


class _CategoryWriter(CategoryWorkbookWriter):
    def _open_worksheet(self, xlsx_file: Any) -> Any:
        return _worksheet(xlsx_file)


class _XyWriter(XyWorkbookWriter):
    def _open_worksheet(self, xlsx_file: Any) -> Any:
        return _worksheet(xlsx_file)


class _CategoryData(CategoryChartData):
    @property
    def _workbook_writer(self) -> CategoryWorkbookWriter:
        return _CategoryWriter(self)


class _XyData(XyChartData):
    @property
    def _workbook_writer(self) -> XyWorkbookWriter:
        return _XyWriter(self)


def add_chart(shapes: Any, chart: Chart, place: Sequence[Any], theme: Theme, size: float) -> Any:
    """Draw ``chart`` at a place (left, top, width, height) with type of ``size`` points; return its frame."""
    if chart.form == "points":
        return _points(shapes, chart, place, theme, size)
    if chart.form != "lines":
        # a bar's label is no higher than the bar
        size = max(min(size, place[3].pt / (len(chart.categories) * (1.0 + 0.4 * len(chart.series)))), _LEAST)
    data = _CategoryData(number_format=FORMATS[chart.unit])
    data.categories = [cut(name, _LETTERS) for name in chart.categories]
    for one in chart.series:
        data.add_series(cut(one.name, _LETTERS), one.values)
    kinds = {
        "stacked": XL_CHART_TYPE.BAR_STACKED,
        "lines": XL_CHART_TYPE.LINE,
    }
    frame = shapes.add_chart(kinds.get(chart.form, XL_CHART_TYPE.BAR_CLUSTERED), *place, data)
    drawn = frame.chart
    direct = len(chart.series) == 2 and chart.form in ("intervals", "lines")
    _common(drawn, theme, size, legend=len(chart.series) > 1 and not direct)
    plot = drawn.plots[0]
    if chart.form == "lines":
        _lines(drawn, chart, theme)
    else:
        _bars(drawn, plot, chart)
    for number, (series, told) in enumerate(zip(plot.series, chart.series, strict=True)):
        _paint(series, theme.series[number % len(theme.series)], line=chart.form == "lines")
        _intervals(series, told, "x" if chart.form == "lines" else "")
        if chart.form != "lines":
            _labels(series, chart, size, theme, number)
            series.data_labels.show_series_name = direct and number == 1
        elif direct and number == 1:
            _name_at_end(series, told, size, theme.series[number])
    return frame


def _common(drawn: Any, theme: Theme, size: float, *, legend: bool) -> None:
    drawn.font.size = Pt(size)
    drawn.font.color.rgb = _rgb(theme.light.ink)
    drawn.has_title = False
    drawn.has_legend = legend
    if legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False


def _bars(drawn: Any, plot: Any, chart: Chart) -> None:
    plot.gap_width = 55
    plot.overlap = 100 if chart.form == "stacked" else -5
    categories, values = drawn.category_axis, drawn.value_axis
    categories.reverse_order = True
    skip = child(categories._element, "tickLblSkip", CHART, val="1")  # every label, also where they are long
    last = categories._element.find(qn("c:noMultiLvlLbl"))
    if last is not None:
        last.addprevious(skip)
    categories.has_major_gridlines = False
    categories.format.line.fill.background()
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    values.has_major_gridlines = False
    values.visible = False
    if all((value or 0) >= 0 for series in chart.series for value in series.values):
        values.minimum_scale = 0
    if chart.unit in _MOST:
        values.maximum_scale = _MOST[chart.unit]


def _lines(drawn: Any, chart: Chart, theme: Theme) -> None:
    values, weeks = drawn.value_axis, drawn.category_axis
    values.tick_labels.number_format = FORMATS[chart.unit]
    values.tick_labels.number_format_is_linked = False
    values.major_gridlines.format.line.color.rgb = _rgb(theme.light.line)
    values.format.line.fill.background()
    weeks.format.line.color.rgb = _rgb(theme.light.line)
    skip = child(weeks._element, "tickLblSkip", CHART, val=str(max(len(chart.categories) // 5, 1)))
    weeks._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def _labels(series: Any, chart: Chart, size: float, theme: Theme, number: int) -> None:
    labels = series.data_labels
    labels.show_value = True
    labels.number_format = FORMATS[chart.unit]
    labels.number_format_is_linked = False
    labels.font.size = Pt(size)
    if chart.form == "stacked":
        labels.position = XL_LABEL_POSITION.CENTER
        labels.font.color.rgb = _rgb(_legible(theme, theme.series[number % len(theme.series)]))
    else:
        # an interval reaches over the end of its bar
        labels.position = XL_LABEL_POSITION.INSIDE_BASE if chart.form == "intervals" else XL_LABEL_POSITION.OUTSIDE_END
        if chart.form == "intervals":
            labels.font.color.rgb = _rgb(_legible(theme, theme.series[number % len(theme.series)]))


def _name_at_end(series: Any, told: Series, size: float, colour: str) -> None:
    """Name a line at its last value, in its own colour, instead of in a legend."""
    last = max((place for place, value in enumerate(told.values) if value is not None), default=None)
    if last is None:
        return
    label = series.points[last].data_label
    label.has_text_frame = True
    label.text_frame.text = cut(told.name, _LETTERS)
    run = label.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), True, _rgb(colour)
    label.position = XL_LABEL_POSITION.ABOVE


def _legible(theme: Theme, ground: str) -> str:
    return max((theme.light.paper, theme.light.ink), key=lambda text: contrast(text, ground))


def _paint(series: Any, colour: str, *, line: bool) -> None:
    if line:
        series.format.line.color.rgb = _rgb(colour)
        series.format.line.width = Pt(1.75)
        series.smooth = False
    else:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(colour)


def _points(shapes: Any, chart: Chart, place: Sequence[Any], theme: Theme, size: float) -> Any:
    across, up = chart.series[:2]
    data = _XyData(number_format=FORMATS[chart.unit])
    for number, name in enumerate(chart.categories):
        series = data.add_series(cut(name, _LETTERS))
        series.add_data_point(across.values[number], up.values[number])
    frame = shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *place, data)
    drawn = frame.chart
    _common(drawn, theme, size, legend=False)
    for axis, told in ((drawn.category_axis, across), (drawn.value_axis, up)):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, 100, 50
        axis.has_major_gridlines = True
        axis.major_gridlines.format.line.color.rgb = _rgb(theme.light.line)
        axis.format.line.color.rgb = _rgb(theme.light.line)
        axis.has_title = True
        axis.axis_title.text_frame.text = told.name
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
    for number, series in enumerate(drawn.plots[0].series):
        colour = theme.series[number % len(theme.series)]
        series.format.line.fill.background()
        series.marker.style = XL_MARKER_STYLE.CIRCLE
        series.marker.size = 12
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _rgb(colour)
        for direction, told in (("x", across), ("y", up)):
            low, high = ((part[number],) if part else () for part in (told.low, told.high))
            one = Series(told.name, (told.values[number],), low, high)
            _intervals(series, one, direction)
        label = series.points[0].data_label
        label.has_text_frame = True
        label.text_frame.text = chart.categories[number]
        label.text_frame.paragraphs[0].runs[0].font.size = Pt(size + 1)
        label.text_frame.paragraphs[0].runs[0].font.bold = True
        label.position = XL_LABEL_POSITION.RIGHT if number == 0 else XL_LABEL_POSITION.LEFT
    return frame


def _intervals(series: Any, told: Series, direction: str) -> None:
    """Give a series error bars from its intervals; the library has none, so they are written as they stand in a file.

    ``direction`` is ``"x"`` or ``"y"`` for points, empty for bars, which have one direction only.
    """
    if not told.low or not told.high:
        return
    known = [
        (0.0, 0.0) if value is None or low is None or high is None else (max(high - value, 0.0), max(value - low, 0.0))
        for value, low, high in zip(told.values, told.low, told.high, strict=True)
    ]
    if not any(plus or minus for plus, minus in known):
        return
    element: Any = series._element
    bars = child(element, "errBars", CHART)
    if direction:
        child(bars, "errDir", CHART, val=direction)
    child(bars, "errBarType", CHART, val="both")
    child(bars, "errValType", CHART, val="cust")
    child(bars, "noEndCap", CHART, val="0")
    for name, place in (("plus", 0), ("minus", 1)):
        numbers = child(child(bars, name, CHART), "numLit", CHART)
        child(numbers, "formatCode", CHART).text = "General"
        child(numbers, "ptCount", CHART, val=str(len(known)))
        for number, pair in enumerate(known):
            child(child(numbers, "pt", CHART, idx=str(number)), "v", CHART).text = repr(pair[place])
    # the schema wants error bars before categories and values
    after = next(element.find(qn(name)) for name in ("c:cat", "c:xVal", "c:val") if element.find(qn(name)) is not None)
    after.addprevious(bars)


def _rgb(colour: str) -> RGBColor:
    return cast("Any", RGBColor).from_string(colour[1:])
