"""The labels of one page as flat arrays with their looks: what the canvas paints and what the pointer hits."""
