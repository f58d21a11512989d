"""The regions beside the canvas."""
