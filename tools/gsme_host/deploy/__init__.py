"""Puts the firmware on a board, through mpremote. What goes wrong is one line, and the same again repairs it."""
