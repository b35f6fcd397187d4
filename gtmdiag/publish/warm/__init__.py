"""Warm kernels: each notebook's kernel is forked from a process that has loaded what notebooks need.

`engine` is papermill's engine ``gtmdiag-warm``; `kernel` lets Jupyter's kernel manager start kernels so.
"""

# papermill has no types.
# pyright: reportMissingTypeStubs=false, reportUnusedImport=false

# It loads its engines while it is imported, so it must be imported before them.
import papermill  # noqa: F401
