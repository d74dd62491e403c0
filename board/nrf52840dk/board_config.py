# How this board is wired and which line the link has. A copy of this file on the board's file system goes before the
# one in ROMFS or in the image, so another bench edits a copy and no more: deploy.md. No const() here: a build would put
# the values where they are used.

# Values of LINK
REPL = 0  # the REPL's stream: the USB connector of the nRF itself, which loses nothing and has no speed
OWN_UART = 1  # the UART of the interface chip's USB connector

LINK = 0
BAUD = 0  # of the REPL's stream

UART = 0  # its pins are the image's
UART_BAUD = 115200  # the port holds 64 bytes that nobody has read: 5.6 ms

PULSE = 11  # pin of the contact, closed to ground: button 1
PULSE_DM3 = 1
LED = 13  # LED 1, lit by a low level
