# ruff: noqa: D100, INP001
# mypy: ignore-errors
# boot.py of the nRF52840, where a deploy may have been cut off while it wrote the ROMFS, or was none. MicroPython.
# Standard input: what lies in /. Standard output: whether boot.py took anything of the firmware.

import sys

import chip_modules
import machine

chip_modules.stand_in()
chip_modules.Os.root = sys.stdin.readline().split()
machine.starts_at_once = False
__import__("boot")
print("board_parts" in sys.modules, "board" in sys.modules)
