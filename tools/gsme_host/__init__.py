"""Host side of the gas meter bench: the serial link, the simulator and the command `gsme`."""
