"""What can be proved of the boards' own files without a board."""
