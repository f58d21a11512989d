"""The language of the window: a file for the system's language, if one comes along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from viewer import resources

NAME = "ango-viewer"


def load(
    application: QCoreApplication, locale: QLocale | None = None, folder: Path | None = None
) -> QTranslator | None:
    """Install ``ango-viewer_LANGUAGE.qm`` of ``resources/translations``; None where there is none.

    Before the first widget: texts are asked for once. `locale` and `folder` default to the system's and ours.
    """
    translator = QTranslator(application)
    place = folder or resources.folder() / "translations"
    if translator.load(locale or QLocale.system(), NAME, "_", str(place)) and application.installTranslator(translator):
        return translator
    translator.deleteLater()
    return None
