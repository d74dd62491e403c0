"""Power that is cut: what a meter keeps, and a model of it."""
