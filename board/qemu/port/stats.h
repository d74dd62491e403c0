// What the host reads out of the machine's memory while the meter waits for its line. It costs the meter nothing.

#include <stdint.h>

typedef struct {
    uint32_t busy_low, busy_high;  // ticks outside emulator.wait() since the machine's start
    uint32_t waits;                // how often the meter began to wait
    uint32_t allocated;            // bytes taken from the heap since the interpreter's start and not given back
    uint32_t heap_lowest_free;     // after a collection
    uint32_t collections;
} emulator_stats_t;

extern volatile emulator_stats_t emulator_stats;
