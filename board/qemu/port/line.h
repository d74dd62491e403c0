// What has been received, between the machine and the meter. The machine puts in, from an interrupt or by polling.

#include <stdbool.h>
#include <stdint.h>

void line_put(uint8_t byte);

// The next byte, or -1.
int line_get(void);

// Whether bytes wait, and whether the end of a frame is among them.
bool line_has_bytes(void);
bool line_has_frame(void);
