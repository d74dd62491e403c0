// What differs between the emulated machines: a file each.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void hardware_init(void);

// The serial line: what has been received goes to line.h.
void hardware_poll(void);
void hardware_send(uint8_t byte);

// Counts up with the instructions that are executed, where QEMU counts them; it wraps.
uint32_t hardware_ticks(void);
extern const uint32_t hardware_ticks_per_ms;

// Sleeps until something may have happened.
void hardware_wait(void);

// The console of the emulator, which is not the serial line.
void hardware_print(const char *text, size_t length);
_Noreturn void hardware_exit(uint32_t status);

// Of the linker's: the stack, and what outlives a restart.
extern uint8_t stack_top, stack_bottom;
extern uint8_t flash_area;
extern uint8_t seed_area;
