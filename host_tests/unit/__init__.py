"""Parts of the firmware alone, in MicroPython: scripts of on_device/ run them, the tests judge what they print."""
