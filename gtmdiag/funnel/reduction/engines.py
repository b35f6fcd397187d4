"""What each kind of data frame needs beyond narwhals: integer keys and seconds, keeping, and turning wide to long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import narwhals as nw
import numpy as np
import pyarrow  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.compute  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray
from pandas.util import hash_array

from gtmdiag.errors import UsageError

_arrow: Any = pyarrow
_compute: Any = pyarrow.compute


class Engine(Protocol):
    """One kind of data frame."""

    def frame(self, native: Any) -> nw.LazyFrame[Any]:
        """Return a frame of the kind, whose missing values are nulls."""
        ...

    def keyed(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        """Add ``name``, an integer of 64 bits for each distinct text of ``column``."""
        ...

    def in_seconds(self, frame: nw.LazyFrame[Any], columns: Sequence[str]) -> nw.LazyFrame[Any]:
        """Turn dates and times into whole seconds since 1970 (UTC), rounded down."""
        ...

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Compute a frame once, where it lives, for all that follows."""
        ...

    def squared(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        """Add the squares of whole numbers up to 10¹⁴, of a type whose sums do not hang on their order where it can."""
        ...

    def long(self, frame: nw.LazyFrame[Any], columns: Sequence[str], name: str) -> nw.LazyFrame[Any]:
        """Put columns below one another into ``name``; all others are repeated beside them."""
        ...


def engine_of(native: Any) -> Engine:
    """Return the engine of a pandas, polars, pyarrow, DuckDB or Spark frame.

    Raises
    ------
    UsageError
        It is of another kind.
    """
    kind = type(native).__module__.split(".")[0]
    if kind in _ENGINES:
        return _ENGINES[kind]()
    raise UsageError(f"A frame of pandas, polars, pyarrow, DuckDB or PySpark is needed, not {type(native).__name__}.")


def whole(value: nw.Expr, by: int) -> nw.Expr:
    """Return how often a positive number goes into a whole one below 2⁵³, rounded down.

    By way of floats, which hold both exactly: whole-number division of narwhals is slow on lazy engines.
    """
    return (value / by).floor().cast(nw.Int64)


def how_many(condition: nw.Expr) -> nw.Expr:
    """Return in how many rows a condition holds; where it is unknown, it does not."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()


def counts(frame: nw.LazyFrame[Any], *conditions: nw.Expr) -> tuple[int, ...]:
    """Return in how many rows each condition holds, from one pass over them."""
    told = frame.select(**{f"n_{place}": how_many(condition) for place, condition in enumerate(conditions)})
    return tuple(int(values[0] or 0) for values in told.collect().to_dict(as_series=False).values())


def unknown() -> nw.Expr:
    """Return null as a whole number, in a frame that has the column ``deal``; pandas knows no such literal."""
    return nw.when(nw.col("deal").is_null()).then((nw.col("deal") * 0).cast(nw.Int64))


class _DuckDB:
    """Relations of DuckDB; names of its columns differ in more than case."""

    def frame(self, native: Any) -> nw.LazyFrame[Any]:
        return nw.from_native(native)

    def keyed(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        return nw.from_native(frame.to_native().project(f'*, hash("{column}") as "{name}"'))

    def in_seconds(self, frame: nw.LazyFrame[Any], columns: Sequence[str]) -> nw.LazyFrame[Any]:
        told = ", ".join(f"date_diff('second', timestamp '1970-01-01', \"{c}\"::timestamp) as \"{c}\"" for c in columns)
        return nw.from_native(frame.to_native().project(f"* replace ({told})")) if columns else frame

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return nw.from_native(frame.to_native().materialize())

    def squared(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        return nw.from_native(frame.to_native().project(f'*, "{column}"::hugeint * "{column}"::hugeint as "{name}"'))

    def long(self, frame: nw.LazyFrame[Any], columns: Sequence[str], name: str) -> nw.LazyFrame[Any]:
        # That of narwhals asks DuckDB's default connection, which does not know the relations of another one.
        return nw.from_native(frame.to_native().unpivot(*columns, name="_name", value=name)).drop("_name")


class _ByNarwhals:
    def in_seconds(self, frame: nw.LazyFrame[Any], columns: Sequence[str]) -> nw.LazyFrame[Any]:
        micro = {column: nw.col(column).cast(nw.Datetime("us")).dt.timestamp("us") for column in columns}
        return frame.with_columns(**{column: whole(time, 1_000_000) for column, time in micro.items()})

    def squared(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        # In floats: whole numbers of 64 bits are too small for them, and polars would wrap them silently.
        return frame.with_columns(**{name: nw.col(column).cast(nw.Float64) * nw.col(column).cast(nw.Float64)})

    def long(self, frame: nw.LazyFrame[Any], columns: Sequence[str], name: str) -> nw.LazyFrame[Any]:
        others = [column for column in frame.collect_schema().names() if column not in columns]
        long = frame.unpivot(on=list(columns), index=others, variable_name="_name", value_name=name)
        return long.filter(~nw.col(name).is_null()).drop("_name")


class _Polars(_ByNarwhals):
    """Eager and lazy frames of polars."""

    def frame(self, native: Any) -> nw.LazyFrame[Any]:
        return nw.from_native(native).lazy()

    def keyed(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        import polars

        return nw.from_native(frame.to_native().with_columns(polars.col(column).hash().alias(name)))

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return frame.collect().lazy()


class _Pandas(_ByNarwhals):
    """Frames of pandas; integers become nullable ones."""

    def frame(self, native: Any) -> nw.LazyFrame[Any]:
        # Types of its own that know nulls: floats in their place would round large numbers.
        return nw.from_native(native.convert_dtypes(dtype_backend="pyarrow")).lazy()

    def keyed(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        data = frame.collect().to_native()
        keys = _hashed(data[column].to_numpy(dtype=object))
        return nw.from_native(data.assign(**{name: keys}).astype({name: "int64[pyarrow]"})).lazy()

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return frame


class _Arrow(_ByNarwhals):
    """Tables of pyarrow: nothing is planned or bound, so they are the fastest where there are few rows."""

    def frame(self, native: Any) -> nw.LazyFrame[Any]:
        # Neither comparing nor grouping knows texts that are kept as places in a dictionary.
        plain = {name: _plain(native[name]) for name in native.column_names}
        return nw.from_native(_arrow.table(plain)).lazy()

    def keyed(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        data = frame.to_native()
        return nw.from_native(data.append_column(name, [_hashed(data[column].to_numpy())])).lazy()

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return frame

    def squared(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        data = frame.to_native()
        # A whole number of 64 bits may have 19 digits, whose squares had more than the 38 that there can be.
        root = data[column].cast(_arrow.decimal128(19)).cast(_arrow.decimal128(18))
        return nw.from_native(data.append_column(name, _compute.multiply(root, root))).lazy()


class _Spark(_ByNarwhals):
    """Frames of PySpark. The session's time zone must be UTC, since Spark reads times without a zone in it."""

    def frame(self, native: Any) -> nw.LazyFrame[Any]:
        zone = native.sparkSession.conf.get("spark.sql.session.timeZone")
        if zone not in ("UTC", "Etc/UTC"):
            remedy = 'Set it: spark.conf.set("spark.sql.session.timeZone", "UTC").'
            raise UsageError(f"The time zone of the Spark session is {zone}; days would be counted by it. {remedy}")
        return nw.from_native(native)

    def keyed(self, frame: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
        return nw.from_native(frame.to_native().selectExpr("*", f"xxhash64(`{column}`) AS `{name}`"))

    def in_seconds(self, frame: nw.LazyFrame[Any], columns: Sequence[str]) -> nw.LazyFrame[Any]:
        data = frame.to_native()
        seconds = {column: f"CAST(CAST(`{column}` AS timestamp) AS long) AS `{column}`" for column in columns}
        return nw.from_native(data.selectExpr(*(seconds.get(column, f"`{column}`") for column in data.columns)))

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return nw.from_native(frame.to_native().cache())


_ENGINES: dict[str, type[Engine]] = {
    "duckdb": _DuckDB,
    "_duckdb": _DuckDB,
    "polars": _Polars,
    "pandas": _Pandas,
    "pyarrow": _Arrow,
    "pyspark": _Spark,
}


def _hashed(texts: NDArray[np.object_]) -> NDArray[np.int64]:
    return hash_array(texts).astype("int64")


def _plain(column: Any) -> Any:
    return column.cast(column.type.value_type) if _arrow.types.is_dictionary(column.type) else column
