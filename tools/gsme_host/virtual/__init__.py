"""A board that is a process: the unix port behind a pseudo-terminal, as mpremote and the application see a board."""
