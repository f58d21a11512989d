"""The changes of the open asset and of the whole export: queue, list, table."""
