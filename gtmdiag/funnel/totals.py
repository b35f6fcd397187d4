"""Tell totals, subtotals and footers from the rows of a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gtmdiag.funnel.coded import Coded
from gtmdiag.funnel.dialects import summary_line


def summary_rows(column: Coded) -> NDArray[np.bool_]:
    """Tell which rows have the text of a total or a footer, such as ``Grand Total (12)``, in a column."""
    form = summary_line()
    told = np.array([form.match(text) is not None for text in column.texts], dtype=np.bool_)
    return told[column.codes]
