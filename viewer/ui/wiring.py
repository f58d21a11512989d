"""Which signal of the session and of the regions goes to which method. One line for each way through the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.ui.asset_steps import AssetSteps
from viewer.ui.changes.shown import ChangesShown
from viewer.ui.changes.table_steps import ChangeTableSteps
from viewer.ui.changes.through import ThroughStages
from viewer.ui.comparing_steps import ComparingSteps
from viewer.ui.fresh_links import FreshLinks
from viewer.ui.missing.steps import MissingSteps
from viewer.ui.page_texts import card_text, spoken_text
from viewer.ui.status_steps import StatusSteps
from viewer.ui.transfers.near import Near
from viewer.ui.transfers.panel import TransferPanel
from viewer.ui.transfers.steps import TransferSteps

if TYPE_CHECKING:
    from viewer.ui.main_window import MainWindow


def connect(window: MainWindow) -> None:
    """Connect everything; called once, when all regions are there."""
    s, c = window.session, window.canvas
    window.missing = MissingSteps(window)
    s.export_opened.connect(window.export_opened)
    s.rows_read.connect(window.rows_read)
    s.listing_ended.connect(window.listing_ended)
    s.asset_opened.connect(window.asset_opened)
    s.state_changed.connect(window.state_changed)
    s.document_opened.connect(window.document_opened)
    s.page_shown.connect(window.page_shown)
    s.labels_placed.connect(window.show_scene)
    s.failed.connect(window.missing.failed)
    s.waiting.connect(window.waiting)
    s.detail_made.connect(window.detail_made)
    s.noticed.connect(window.tell)
    s.problems_changed.connect(window.problems_changed)
    s.playing_changed.connect(window.playing_changed)
    s.pages_marked.connect(window.page_bar.set_marks)
    s.stepped_out.connect(window.stepped_out)
    s.step_asset.connect(window.step_asset)
    window.assets.asset_chosen.connect(s.open_asset)
    window.assets.canvas_wanted.connect(c.setFocus)
    window.assets.list_wanted.connect(lambda: window.regions.set_form("list"))
    window.assets.cancel_listing.connect(s.reading.stop)
    window.assets.object_id_pasted.connect(s.find_object)
    window.assets.set_want_thumbnail(s.thumbnails.want)
    window.whole.steps_found.connect(window.assets.model.add_changes)
    window.whole.progressed.connect(window.assets.footer.set_comparing)
    window.whole.ended.connect(window.assets.model.set_compared)
    window.whole.ended.connect(lambda _all: window.assets.footer.set_comparing(None))
    window.whole.forgotten.connect(lambda: window.assets.footer.set_comparing(None))
    window.assets.footer.comparing_cancelled.connect(window.whole.stop_comparing)
    s.thumbnails.made.connect(window.assets.set_thumbnail)
    s.thumbnails.asked_again.connect(window.assets.view.look_soon)
    s.objects_found.connect(window.assets.set_object_hits)
    s.issues_loaded.connect(window.issues_loaded)
    window.header.asked.connect(window.actions_.run)
    window.header.recent_chosen.connect(s.open_export)
    window.start.asked.connect(window.actions_.run)
    window.start.recent_chosen.connect(s.open_export)
    window.view_bar.asked.connect(window.actions_.run)
    window.view_bar.tell_keys(window.actions_.key_of)
    window.view_bar.task_chosen.connect(s.choose_task)
    window.view_bar.colour_chosen.connect(s.colour_by)
    window.view_bar.fill_chosen.connect(s.choose_fill)
    window.view_bar.window_chosen.connect(s.choose_window)
    window.inspector.copied.connect(window.tell)
    window.inspector.asked.connect(window.actions_.run)
    window.inspector.stage_wanted.connect(window.comparing.pick_b)
    window.page_bar.page_wanted.connect(s.go_to_page)
    window.page_bar.asked.connect(window.actions_.run)
    window.page_bar.mapping_chosen.connect(s.reread)
    window.page_bar.speed_chosen.connect(s.choose_speed)
    window.page_bar.loop_chosen.connect(lambda _on: s.toggle_loop())
    window.palette_.offer(window.actions_.entries, window.class_entries, lambda: s.page_count)
    window.palette_.chosen.connect(window.entry_chosen)
    window.palette_.closed.connect(c.setFocus)
    compare, comparing = window.compare, window.comparing
    comparing.next_stages.scale = lambda: c.view.scale * c.devicePixelRatioF()
    comparing.single_ready.connect(compare.show_page)
    comparing.stages_ready.connect(compare.show_stages)
    comparing.went_stale.connect(compare.withdraw)
    compare.set_card_text(lambda stage, object_id: card_text(compare.scene_of(stage), object_id))
    c.selection_requested.connect(s.select)
    c.object_activated.connect(lambda object_id: compare.zoom_to_labels([object_id]))
    c.hovered.connect(window.hovered)
    c.window_dragged.connect(s.drag_window)
    c.page_step_requested.connect(lambda step: s.go_to_page(s.state.place.page + step))
    c.detail_wanted.connect(s.loader.want_detail)
    c.space_tapped.connect(s.play)
    c.view_changed.connect(window.show_zoom)
    c.failed.connect(window.tell)
    c.menu_requested.connect(window.actions_.show_canvas_menu)
    c.set_card_text(lambda object_id: card_text(s.scene, object_id))
    c.set_spoken_text(lambda object_id: spoken_text(s.scene, object_id))
    window.asset_steps = AssetSteps(window)
    window.change_steps.moved.connect(window.view_bar.show_change)
    window.changes_shown = ChangesShown(s, comparing, window.change_steps, window.inspector, window.page_bar, c)
    window.inspector.changes.stages_wanted.connect(window.view_bar.reference.click)
    window.stages = ComparingSteps(s, comparing, window.timeline, window.view_bar)
    window.through_stages = ThroughStages(s, window.stages.counts, window.inspector)
    window.change_table = ChangeTableSteps(
        s, comparing, window.whole, window.change_steps, window.regions, window.inspector.changes.model
    )
    window.fresh_links = FreshLinks(s, window)
    Near(s, window.assets.model.neighbour, window.change_steps.upcoming)
    window.transfers = TransferSteps(
        s, TransferPanel(window.centralWidget() or window), window.header.transfers, window.status.transfers
    )
    window.transfers.panel.keys_left.connect(c.setFocus)
    window.transfers.everything.first = window.whole.changed_assets
    window.status.transfers.clicked.connect(window.transfers.toggle)
    window.status_steps = StatusSteps(
        s, window.status, window.assets.footer, window.asset_steps.cache, window.actions_.run
    )
    window.change_table.left.connect(c.setFocus)
    window.change_table.toggled.connect(window.actions_.refresh)
    window.changes_shown.listed.connect(window.change_table.names_changed)
