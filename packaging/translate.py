"""Collects every text of the window for translators: ``python packaging/translate.py ango-viewer_de.ts``.

Texts of widgets are found by pyside6-lupdate in the source. Those of the table of actions are put together there
(menus, stages, presets), so they are written out from the table first, under the context that the table asks for.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def table_texts() -> list[str]:
    """Every text that `viewer.ui.actions.tr` is asked for."""
    sys.path.insert(0, str(ROOT))
    from viewer.ui import window_actions
    from viewer.ui.actions import ACTIONS, WHY
    from viewer.ui.compare.modes import MODES

    texts: dict[str, None] = {}
    for record in ACTIONS:
        # tooltips and the sheet of keys ask for the text without its dots
        texts |= dict.fromkeys((record.text, record.text.rstrip("…"), record.tip, str(record.menu), record.group))
    texts |= dict.fromkeys((*WHY.values(), *window_actions.MENU_TEXTS.values()))
    texts |= dict.fromkeys(mode.TEXT for mode in MODES)
    return [text for text in texts if text]


def field_texts() -> list[str]:
    """The names of all fields that tools tell of themselves; they know nothing of a window."""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "viewer" / "tools").glob("*.py")):
        functions = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.FunctionDef))
        for node in (inner for f in functions if f.name.endswith("fields") for inner in ast.walk(f)):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(name := node.elts[0], ast.Constant):
                found[str(name.value)] = None
    return list(found)


def update(target: Path) -> None:
    """Write or bring up to date a .ts file. Raises CalledProcessError when lupdate does not succeed."""
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "actions_table.py")
        lines = [f'QCoreApplication.translate("actions", "{_escaped(text)}")' for text in table_texts()]
        lines += [f'QCoreApplication.translate("", "{_escaped(text)}")' for text in field_texts()]
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        files = [str(path) for path in sorted((ROOT / "viewer" / "ui").rglob("*.py"))]
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([str(tool), *files, str(table), "-ts", str(target)], check=True, stdout=subprocess.DEVNULL)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


if __name__ == "__main__":
    for name in sys.argv[1:]:
        update(Path(name))
