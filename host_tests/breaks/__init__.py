"""The firmware broken on purpose, one place at a time: each break must make a named test fail."""
