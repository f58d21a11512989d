"""Fresh links from Ango Hub by an API key: the dialog, and what is asked with it."""

from viewer.ui.fresh_links.steps import FreshLinks

__all__ = ["FreshLinks"]
