"""A batch on the workers of a Dask cluster: the side of this machine, and what is done on the others."""

from __future__ import annotations

from gtmdiag.publish.cluster.crew import cluster

__all__ = ["cluster"]
