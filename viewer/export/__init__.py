"""An export: what kind of file it is, its assets one by one, and what is damaged in it."""

from viewer.export.export import Export
from viewer.export.rows import Generation, Layout, Row, Summary, Visit

__all__ = ["Export", "Generation", "Layout", "Row", "Summary", "Visit"]
