"""Everything that a table of the specification lets one ask, by the ten thousand."""
