"""The bar below the canvas: pages, frames or slices, with marks of where the labels are."""

from viewer.ui.pages.bar import PageBar

__all__ = ["PageBar"]
