"""Years of a meter's life in minutes: how often each block of its flash is erased, and whether it keeps count."""
