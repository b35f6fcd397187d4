"""papermill's engine ``gtmdiag-warm``: papermill's own, with kernels that are forked and the notebook saved less."""

# papermill comes without types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportIncompatibleMethodOverride=false

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager

from gtmdiag.publish.warm.kernel import WarmKernelManager

NAME = "gtmdiag-warm"


class SparingManager(NotebookExecutionManager):
    """Saves the notebook at the start, at the end, at an error, and between them each ``autosave_cell_every`` seconds.

    papermill's own writes all of it whenever a cell starts or ends.
    """

    def __init__(
        self, nb: NotebookNode, output_path: str | None, log_output: bool, progress_bar: bool, autosave_cell_every: int
    ) -> None:
        super().__init__(nb, output_path, log_output, progress_bar, autosave_cell_every)
        self.last_save_time = datetime.min.replace(tzinfo=UTC)

    def save(self, **kwargs: Any) -> None:
        """Save the notebook if it is due."""
        waited = (self.now() - self.last_save_time).total_seconds()
        if self.end_time or self.nb.metadata.papermill["exception"] or waited >= self.autosave_cell_every:
            super().save(**kwargs)


class WarmEngine(NBClientEngine):
    """Executes a notebook with `WarmKernelManager`; all else is papermill's."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        **kwargs: Any,
    ) -> NotebookNode:
        """Execute a notebook, and keep its state at ``output_path``."""
        manager = SparingManager(nb, output_path, log_output, progress_bar, autosave_cell_every)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any) -> Any:
        """Execute the cells."""
        return super().execute_managed_notebook(nb_man, kernel_name, kernel_manager_class=WarmKernelManager, **kwargs)
