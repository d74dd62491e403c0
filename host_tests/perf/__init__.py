"""What the meter costs: time, instructions, memory, size. `python -m host_tests.perf` measures and prints it all."""
