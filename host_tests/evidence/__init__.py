"""What the runs on each runtime found out, side by side."""
