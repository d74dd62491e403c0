# How this board is wired and which line the link has. A copy of this file on the board's file system goes before the
# one in ROMFS or in the image, so another bench edits a copy and no more: deploy.md. No const() here: a build would put
# the values where they are used.

# Values of LINK
REPL = 0  # the REPL's stream: USB and UART0 at once, so no faster than UART0
OWN_UART = 1

LINK = 0
BAUD = 115200  # of the REPL's stream

UART = 1
UART_BAUD = 460800
UART_TX = 10
UART_RX = 11
UART_RXBUF = 2048  # more than the longest frame: the port's own 256 are full in 6 ms
UART_TXBUF = 2048

PULSE = 12  # pin of the contact, closed to ground
PULSE_DM3 = 1
LED = None  # pin of a LED for Identify; the board's own takes colours, not a level
