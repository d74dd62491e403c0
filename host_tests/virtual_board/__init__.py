"""What boards with one stream for REPL and link share, and a whole board that is a process: mpremote's side of it."""
