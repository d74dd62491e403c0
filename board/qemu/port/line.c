#include "line.h"

#define SIZE (4096)  // a power of two; more than two whole frames of the link

static volatile uint8_t ring[SIZE];
static volatile uint32_t in, out, frames_in, frames_out;

// What does not fit is lost, as in the hardware's own buffer.
void line_put(uint8_t byte) {
    if (in - out < SIZE) {
        frames_in += !byte;
        ring[in & (SIZE - 1)] = byte;
        in++;
    }
}

int line_get(void) {
    if (out == in) {
        return -1;
    }
    uint8_t byte = ring[out & (SIZE - 1)];
    out++;
    frames_out += !byte;
    return byte;
}

bool line_has_bytes(void) {
    return out != in;
}

bool line_has_frame(void) {
    return frames_out != frames_in;
}
