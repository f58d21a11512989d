"""The dialog that asks for what Ango Hub wants to know before it signs links anew (ui.md §6)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QLineEdit, QWidget

from viewer.errors import FetchError
from viewer.fetch.hub import HOSTS, check_host, check_key, host_in_words
from viewer.fetch.hub_key import Kept
from viewer.ui import theme
from viewer.ui.fresh_links.asking import Question, Scope, project_in
from viewer.ui.widgets.answer_row import AnswerRow
from viewer.ui.widgets.buttons import FlatButton, IconButton
from viewer.ui.widgets.dialog import Dialog
from viewer.ui.widgets.fields import ChoiceField, dialog_title
from viewer.ui.widgets.layout import Text, column, row
from viewer.ui.widgets.progress_line import ProgressLine
from viewer.ui.widgets.words import FailureBox, Words

WIDTH = 480
OTHER = "other"
PAD = theme.SPACE_XL


class FreshLinksDialog(Dialog):
    """Says what is wanted by `asked`; stays until what was asked for is here, and says there how far that is."""

    asked = Signal(object)
    """`Question`"""
    left = Signal()
    """What is under way goes on without the dialog."""
    stopped = Signal()
    """What is under way is not wanted any more."""
    host_chosen = Signal(str)
    """The base address of a server; its key is to be looked for."""
    forget_wanted = Signal(str)
    """The key of this server is to be forgotten."""

    def __init__(self, parent: QWidget | None = None, *, since: str = "", name: str = "") -> None:
        """`since`: how long the links are dead or alive (``expired 3 days ago``); `name`: of the asset shown."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Get fresh links"))
        self.setFixedWidth(WIDTH)
        self._counts: dict[Scope, str] = {}
        self._is_working = False
        self._is_kept = False
        why = self.tr("The links of this export {0}.").format(since) + " " if since else ""
        text = self.tr("Ango Hub signs new links for anyone with an API key. The labels stay those of this export.")
        self.why = Words(why + text, self)
        self.host = ChoiceField(
            [(host, f"{self._region(region)} · {host_in_words(host)}") for host, region in HOSTS]
            + [(OTHER, self.tr("Another server…"))],
            self,
        )
        self.address = QLineEdit(self)
        self.address.setPlaceholderText("https://")
        self.project = QLineEdit(self)
        self.project.setPlaceholderText(self.tr("Its id or its address in Ango Hub"))
        self.key = QLineEdit(self)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self.key.setInputMethodHints(hints.ImhHiddenText | hints.ImhSensitiveData | hints.ImhNoPredictiveText)
        self.eye = IconButton("eye", self.tr("Show the key"), self)
        self.eye.setCheckable(True)
        self.kept = Words("", self, pixels=theme.SECOND_PX, tone="text3")
        self.forget = FlatButton(self.tr("Forget key"), self, height=theme.CONTROL_SMALL, pixels=theme.SECOND_PX)
        self.scope = ChoiceField(self._scopes(name), self)
        self.count = Words("", self, pixels=theme.SECOND_PX, tone="text3")
        self.failure = FailureBox(self)
        self.line = ProgressLine(self)
        self.far = Words("", self, pixels=theme.SECOND_PX)
        self.far.setMinimumHeight(theme.line_of(theme.SECOND_PX))
        self.leave = FlatButton(self.tr("Hide this dialog"), self, look="framed")
        self.leave.setToolTip(self.tr("The rest comes all the same; a notification says how it ended."))
        self.answers = AnswerRow(self.tr("Get links"), self.tr("Cancel"), self)
        for field in (self.host, self.scope):
            field.setSizePolicy(self.project.sizePolicy())
        self._named(((self.host, self.tr("Server")), (self.address, self.tr("Address of the server")),
                     (self.project, self.tr("Project")), (self.key, self.tr("API key")),
                     (self.scope, self.tr("For")), (self.line, self.tr("Progress"))))  # fmt: skip
        self.setLayout(
            column(
                column(
                    dialog_title(self.tr("Get fresh links"), self),
                    self.why,
                    spacing=theme.SPACE_S,
                    margins=(0, 0, 0, theme.SPACE_XS),
                ),
                self._group(self.tr("Server"), self.host, self.address),
                self._group(self.tr("Project"), self.project),
                self._group(self.tr("API key"), row(self.key, self.eye), row(self.kept, self.forget)),
                self._group(self.tr("For"), self.scope, self.count),
                self.failure,
                column(self.line, self.far, spacing=theme.SPACE_XS),
                row(self.leave, None, self.answers, margins=(0, theme.SPACE_XS, 0, 0)),
                spacing=theme.SPACE_M,
                margins=(PAD, PAD),
            )
        )
        self.host.changed.connect(self._host_changed)
        self.address.editingFinished.connect(self._address_typed)
        self.scope.changed.connect(lambda _scope: self._show_count())
        self.eye.toggled.connect(self._show_key)
        self.forget.clicked.connect(self._forget)
        for typed in (self.address, self.project, self.key):
            typed.returnPressed.connect(self._ask)
            typed.textEdited.connect(lambda _text: self.tell(""))
        self.answers.accepted.connect(self._ask)
        self.answers.rejected.connect(self.reject)
        self.leave.clicked.connect(self._leave)
        self.address.hide()
        self._show_key_kept("", looking=True)
        self._show_work(False)
        self._show_count()

    # ---- what is shown -----------------------------------------------------------------------------------

    def use_host(self, host: str) -> None:
        """Choose a server by its base address."""
        if host in dict(HOSTS):
            self.host.choose(host)
        else:
            self.address.setText(host)
            self.host.choose(OTHER)

    @property
    def host_address(self) -> str:
        """The base address chosen or typed; "" for what is none."""
        typed = self.address.text() if self.host.choice == OTHER else self.host.choice
        try:
            return check_host(typed)
        except FetchError:
            return ""

    def show_key(self, host: str, kept: Kept, *, known: bool) -> None:
        """What was found out about the key of a server: whether there is one, and where keys are kept."""
        if host == self.host_address:
            self._is_kept = known
            self._show_key_kept(kept)

    def set_count(self, scope: Scope, text: str) -> None:
        """What is asked for, in words."""
        self._counts[scope] = text
        self._show_count()

    def tell(self, text: str) -> None:
        """Why it did not work; "" takes it away."""
        if text != self.failure.text:
            self.failure.tell(text)
            self._fit()

    def show_progress(self, share: float | None, text: str) -> None:
        """How far it is."""
        self.line.set_share(share)
        self.far.setText(text)

    def work_ended(self, text: str = "") -> None:
        """Nothing is under way any more; `text` says why not all is here."""
        self._show_work(False)
        self.tell(text)
        (self.key if not self._is_kept else self.answers.yes).setFocus(Qt.FocusReason.OtherFocusReason)

    def resume(self, question: Question) -> None:
        """Show what was begun before and goes on."""
        self.use_host(question.host)
        self.project.setText(question.project)
        self.scope.choose(question.scope)
        self._show_work(True)
        self.show_progress(None, self.tr("Asking {0}…").format(host_in_words(question.host)))

    @property
    def is_working(self) -> bool:
        """Whether links are under way."""
        return self._is_working

    def begin(self) -> None:
        """The keys go to the first thing that is still missing."""
        missing = [field for field in (self.project, self.key) if not field.text()]
        if self._is_kept and self.key in missing:
            missing.remove(self.key)
        (missing[0] if missing else self.answers.yes).setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is done ------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Esc and Cancel: first what is under way ends, then the dialog."""
        if self._is_working:
            self.stopped.emit()
        else:
            self.key.clear()  # it is in no field longer than it is needed
            super().reject()

    def _leave(self) -> None:
        self.left.emit()
        self.accept()

    def accept(self) -> None:
        """All is here, or comes without the dialog."""
        self.key.clear()
        super().accept()

    def _ask(self) -> None:
        if self._is_working:
            return
        project, key, scope = project_in(self.project.text()), self.key.text(), self._scope
        try:
            host = check_host(self.address.text() if self.host.choice == OTHER else self.host.choice)
            if not project:
                self._refuse(self.project, self.tr("Ango Hub wants to know the project. Copy its id or its address."))
                return
            if key or not self._is_kept:
                key = check_key(key)
        except FetchError as error:
            self._refuse(self.key if error.code == "key" else self.address, str(error))
            return
        self.project.setText(project)
        self.tell("")
        self._show_work(True)
        self.show_progress(None, self.tr("Asking {0}…").format(host_in_words(host)))
        self.asked.emit(Question(host, project, key, scope))

    def _refuse(self, field: QLineEdit, text: str) -> None:
        self.tell(text)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def _host_changed(self, choice: str) -> None:
        self.address.setVisible(choice == OTHER)
        self._fit()
        self._address_typed()
        if choice == OTHER and self.isVisible():
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _address_typed(self) -> None:
        self.tell("")
        self._is_kept = False
        self._show_key_kept("", looking=True)
        if host := self.host_address:
            self.host_chosen.emit(host)

    def _show_key(self, on: bool) -> None:
        self.key.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        tip = self.tr("Hide the key") if on else self.tr("Show the key")
        self.eye.set_icon("eye-off" if on else "eye")
        self.eye.setToolTip(tip)
        self.eye.setAccessibleName(tip)

    def _forget(self) -> None:
        self.key.clear()
        self._is_kept = False
        self._show_key_kept("")
        self.forget_wanted.emit(self.host_address)
        self.key.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- how it looks ------------------------------------------------------------------------------------

    @property
    def _scope(self) -> Scope:
        scopes: tuple[Scope, ...] = ("asset", "all", "export")
        return next(scope for scope in scopes if scope == self.scope.choice)

    def _scopes(self, name: str) -> list[tuple[str, str]]:
        found = [
            ("all", self.tr("All assets, link by link")),
            ("export", self.tr("All assets, by a fresh export of the project")),
        ]
        if not name:
            return found
        return [found[0], ("asset", self.tr("The asset shown alone")), found[1]]

    def _region(self, region: str) -> str:
        names = {"EU": self.tr("Europe"), "US": self.tr("United States"), "IN": self.tr("India"),
                 "Test": self.tr("Test")}  # fmt: skip
        return names[region]

    def _show_key_kept(self, kept: Kept, *, looking: bool = False) -> None:
        """Where the key is or would be kept; for as long as a keyring is asked it is hoped that it answers."""
        why = {
            "none": self.tr("No keyring was found on this computer: the key is kept until the program ends."),
            "locked": self.tr("The keyring of this computer is locked: the key is kept until the program ends."),
            "failed": self.tr("The keyring of this computer does not answer: the key is kept until the program ends."),
        }
        self.kept.setText(why.get(kept, self.tr("Kept in the system keyring, never in a file.")))
        waiting = self.tr("Looking in the keyring…") if looking and self.host_address else ""
        self.key.setPlaceholderText(self.tr("The one that is kept") if self._is_kept else waiting)
        self.forget.setVisible(self._is_kept)
        self._fit()

    def _show_count(self) -> None:
        self.count.setText(self._counts.get(self._scope, ""))
        self._fit()

    def _show_work(self, on: bool) -> None:
        self._is_working = on
        if on:  # before the field that has the keys is taken away, which would hand them on as Tab does
            self.answers.no.setFocus(Qt.FocusReason.OtherFocusReason)
        for field in (self.host, self.address, self.project, self.key, self.eye, self.forget, self.scope):
            field.setEnabled(not on)
        if on:
            self.eye.setChecked(False)
        self.line.setVisible(on)
        self.far.setVisible(on)
        self.leave.setVisible(on)
        self.answers.yes.setEnabled(not on)
        self.answers.no.setText(self.tr("Stop") if on else self.tr("Cancel"))
        self.answers.no.updateGeometry()
        self._fit()

    def _group(self, title: str, *items: QWidget | QLayout) -> QLayout:
        return column(Text(title, self, pixels=theme.SECOND_PX, tone="text2"), *items, spacing=6)

    @staticmethod
    def _named(names: tuple[tuple[QWidget, str], ...]) -> None:
        for widget, name in names:
            widget.setAccessibleName(name)

    def _fit(self) -> None:
        """As high as what it says; a sentence of three lines gets three."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedHeight(layout.totalHeightForWidth(WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the answer's, where no field took it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
            return
        super().keyPressEvent(event)
