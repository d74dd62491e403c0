// What the shared parts of MicroPython ask of a port is declared by themselves: see py/mphal.h.

#include "shared/runtime/interrupt_char.h"
