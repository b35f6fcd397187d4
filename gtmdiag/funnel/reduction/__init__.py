"""From the rows of an export to cells, in one narwhals core: on DuckDB, polars, pandas, pyarrow or Spark alike."""

from gtmdiag.funnel.reduction.frames import reduce_frame

__all__ = ["reduce_frame"]
