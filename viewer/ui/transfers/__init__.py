"""The files that are fetched: their queue, what is fetched ahead, and the panel that shows them."""
