"""The instruction sets of the boards in QEMU: images made from sources, machines that run them, what they cost."""
