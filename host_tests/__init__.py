"""The bench: tests that run against a simulated or a real meter, and what judges its answers."""
