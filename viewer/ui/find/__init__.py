"""The command palette and the sheet of keys: everything by its name."""
