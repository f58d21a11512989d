"""ango-viewer: see Ango Hub exports as they were drawn, page by page and stage by stage."""

__version__ = "0.1.0"
