// QEMU's mps2-an386: a Cortex-M4F with CMSDK UART and timer. Addresses: Arm AN386; registers: CMSDK reference manual.

#include "hardware.h"
#include "line.h"

#include "shared/runtime/semihosting_arm.h"

#define UART_DATA (*(volatile uint32_t *)0x40004000)
#define UART_STATE (*(volatile uint32_t *)0x40004004)
#define UART_CTRL (*(volatile uint32_t *)0x40004008)
#define UART_INT (*(volatile uint32_t *)0x4000400C)
#define UART_BAUDDIV (*(volatile uint32_t *)0x40004010)
#define STATE_TX_FULL (1u << 0)
#define STATE_RX_FULL (1u << 1)
#define CTRL_TX (1u << 0)
#define CTRL_RX (1u << 1)
#define CTRL_RX_IRQ (1u << 3)
#define INT_RX (1u << 1)

#define TIMER_CTRL (*(volatile uint32_t *)0x40000000)
#define TIMER_VALUE (*(volatile uint32_t *)0x40000004)
#define TIMER_RELOAD (*(volatile uint32_t *)0x40000008)
#define TIMER_ENABLE (1u << 0)
#define CLOCK_HZ (25000000)

// Wakes the processor each millisecond, so that time passes where nothing is received.
#define SYSTICK_CTRL (*(volatile uint32_t *)0xE000E010)
#define SYSTICK_LOAD (*(volatile uint32_t *)0xE000E014)
#define SYSTICK_ON (7)
#define NVIC_ENABLE (*(volatile uint32_t *)0xE000E100)
#define UART_RX_IRQ (1u << 0)
#define FPU_ACCESS (*(volatile uint32_t *)0xE000ED88)
#define FPU_FULL (0xFu << 20)

extern uint32_t data_load, data_start, data_end, bss_start, bss_end;
int main(void);

const uint32_t hardware_ticks_per_ms = CLOCK_HZ / 1000;

static void on_receive(void) {
    UART_INT = INT_RX;
    while (UART_STATE & STATE_RX_FULL) {
        line_put(UART_DATA);
    }
}

static void on_tick(void) {
}

static void on_fault(void) {
    static const char text[] = "hard fault\n";
    hardware_print(text, sizeof(text) - 1);
    hardware_exit(2);
}

static void reset(void) {
    FPU_ACCESS |= FPU_FULL;
    for (uint32_t *from = &data_load, *to = &data_start; to < &data_end;) {
        *to++ = *from++;
    }
    for (uint32_t *to = &bss_start; to < &bss_end;) {
        *to++ = 0;
    }
    main();
    hardware_exit(0);
}

__attribute__((section(".isr"), used)) static void *const vectors[] = {
    &stack_top, reset, on_fault, on_fault, on_fault, on_fault, on_fault,
    0, 0, 0, 0, on_fault, on_fault, 0, on_fault, on_tick,
    on_receive,
};

void hardware_init(void) {
    UART_BAUDDIV = 16;
    UART_CTRL = CTRL_TX | CTRL_RX | CTRL_RX_IRQ;
    NVIC_ENABLE = UART_RX_IRQ;
    TIMER_RELOAD = 0xFFFFFFFF;
    TIMER_VALUE = 0xFFFFFFFF;
    TIMER_CTRL = TIMER_ENABLE;
    SYSTICK_LOAD = CLOCK_HZ / 1000 - 1;
    SYSTICK_CTRL = SYSTICK_ON;
    mp_semihosting_init();
}

// The interrupt has done it.
void hardware_poll(void) {
}

void hardware_send(uint8_t byte) {
    while (UART_STATE & STATE_TX_FULL) {
    }
    UART_DATA = byte;
}

uint32_t hardware_ticks(void) {
    return ~TIMER_VALUE;
}

void hardware_wait(void) {
    __asm volatile ("wfi");
}

void hardware_print(const char *text, size_t length) {
    mp_semihosting_tx_strn(text, length);
}

void hardware_exit(uint32_t status) {
    mp_semihosting_exit(status);
    for (;;) {
    }
}
