"""What the notebooks of reports need, loaded and used once: a process that has imported this is *warm*.

It is imported by a process that is to be forked. So nothing here may start a thread or open a connection, or import
what looks for a running IPython meanwhile, as ipywidgets and matplotlib's inline backend do; and nothing may be left
behind that a notebook could notice.
"""

# matplotlib leaves some types unknown, pyarrow has none.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnusedImport=false

from __future__ import annotations

import io
import string

import matplotlib.pyplot  # noqa: F401
import narwhals
import numpy.polynomial  # noqa: F401
import pandas as pd
import pandas.io.formats.style
import pyarrow as pa
import pyarrow.pandas_compat
from matplotlib.figure import Figure

import gtmdiag.report.client
import gtmdiag.report.deck
import gtmdiag.report.pages
import gtmdiag.report.standup  # noqa: F401
from gtmdiag.funnel.dialects import dialects
from gtmdiag.instruments.load import PACKAGED, packaged
from gtmdiag.instruments.operating_rules import operating_rules
from gtmdiag.instruments.rules import references, sources, stages
from gtmdiag.instruments.synthesis_rules import synthesis_rules
from gtmdiag.report.blocks import Headline
from gtmdiag.report.lettering import line
from gtmdiag.report.theme import load_theme

for load in (dialects, operating_rules, references, sources, stages, synthesis_rules, load_theme):
    load()
for instrument in PACKAGED:
    packaged(instrument)
narwhals.from_native(pd.DataFrame({"deal": [1]}))
narwhals.from_native(pa.table({"deal": [1]}))

Headline("Warm").mime_bundle()
for weight in ("normal", "bold"):
    line(f"{string.ascii_letters}{string.digits} %()+,-./:;·–→", weight)
figure = Figure()
figure.add_subplot().set_title("Warm")
for kind in ("svg", "png"):
    figure.savefig(io.BytesIO(), format=kind)
