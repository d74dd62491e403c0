"""Inputs by the hundred thousand through the link of a whole meter in MicroPython: `python -m host_tests.fuzz`."""
