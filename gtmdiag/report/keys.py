"""The keyboard for widgets in JupyterLab, which takes keys outside its own editors for commands."""

from __future__ import annotations

import anywidget


class OwnKeys(anywidget.AnyWidget):
    """Something unseen that keeps keys for the box it stands in: to JupyterLab, D D in a dropdown deletes the cell."""

    _esm = """
    const keep = (event) => { event.target.dataset.lmSuppressShortcuts = "true"; };
    function render({ el }) {
      el.hidden = true;
      const stand = () => {
        const box = el.closest(".widget-box");
        if (!box) return requestAnimationFrame(stand);
        box.addEventListener("focusin", keep);
        if (box.contains(document.activeElement)) keep({ target: document.activeElement });
      };
      stand();
    }
    export default { render };
    """
