"""The process boundary: pages are decoded in processes of their own, and a crash of one is a sentence on a page."""

from viewer.workers.client import DocumentClient
from viewer.workers.pixels import Opened, PagePixels, Part, Streamed
from viewer.workers.pool import Pool
from viewer.workers.worker import Budgets

__all__ = ["Budgets", "DocumentClient", "Opened", "PagePixels", "Part", "Pool", "Streamed"]
