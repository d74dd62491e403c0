// QEMU's virt: an RV32IMAC with an NS16550 UART behind the PLIC, and the timer of the CLINT. Addresses: QEMU's
// hw/riscv/virt; registers: RISC-V PLIC specification, SiFive's CLINT.

#include "hardware.h"
#include "line.h"

#include "shared/runtime/semihosting_rv32.h"

#define UART_DATA (*(volatile uint8_t *)0x10000000)
#define UART_ENABLE (*(volatile uint8_t *)0x10000001)
#define UART_FIFO (*(volatile uint8_t *)0x10000002)
#define UART_LINE (*(volatile uint8_t *)0x10000005)
#define ENABLE_RECEIVED (1)
#define FIFO_ON (1)
#define LINE_RECEIVED (0x01)
#define LINE_SENT (0x20)

// Of the first processor in machine mode: context 0.
#define UART_IRQ (10)
#define PLIC_PRIORITY (*(volatile uint32_t *)(0x0C000000 + 4 * UART_IRQ))
#define PLIC_ENABLE (*(volatile uint32_t *)0x0C002000)
#define PLIC_CLAIM (*(volatile uint32_t *)0x0C200004)

#define TIME_LOW (*(volatile uint32_t *)0x0200BFF8)
#define TIME_HIGH (*(volatile uint32_t *)0x0200BFFC)
#define COMPARE_LOW (*(volatile uint32_t *)0x02004000)
#define COMPARE_HIGH (*(volatile uint32_t *)0x02004004)
#define CLOCK_HZ (10000000)
#define NAP_TICKS (CLOCK_HZ / 1000)
#define MIE_TIMER (1u << 7)
#define MIE_EXTERNAL (1u << 11)

#define FINISHER (*(volatile uint32_t *)0x00100000)
#define FINISH_OK (0x5555)
#define FINISH_FAILED (0x3333)

extern uint32_t bss_start, bss_end;
int main(void);

const uint32_t hardware_ticks_per_ms = CLOCK_HZ / 1000;

static void start(void) {
    for (uint32_t *to = &bss_start; to < &bss_end;) {
        *to++ = 0;
    }
    main();
    hardware_exit(0);
}

// Says mcause and mepc in hexadecimal.
__attribute__((aligned(4))) static void on_trap(void) {
    uint32_t values[2];
    __asm volatile ("csrr %0, mcause\n csrr %1, mepc" : "=r" (values[0]), "=r" (values[1]));
    char text[] = "trap ........ ........\n";
    for (int i = 0; i < 16; i++) {
        text[5 + i + i / 8] = "0123456789ABCDEF"[values[i / 8] >> (28 - 4 * (i % 8)) & 15];
    }
    hardware_print(text, sizeof(text) - 1);
    hardware_exit(2);
}

__attribute__((section(".isr"), naked, used)) void reset(void) {
    __asm volatile (
        ".option push\n .option norelax\n la gp, __global_pointer$\n .option pop\n"
        "la sp, stack_top\n la t0, %0\n csrw mtvec, t0\n j %1" ::"i" (on_trap), "i" (start));
}

void hardware_init(void) {
    UART_FIFO = FIFO_ON;
    UART_ENABLE = ENABLE_RECEIVED;
    PLIC_PRIORITY = 1;
    PLIC_ENABLE = 1u << UART_IRQ;
    __asm volatile ("csrw mie, %0" ::"r" (MIE_TIMER | MIE_EXTERNAL));
    mp_semihosting_init();
}

// The claim is given back before the bytes are taken: one that comes meanwhile claims anew.
void hardware_poll(void) {
    PLIC_CLAIM = PLIC_CLAIM;
    while (UART_LINE & LINE_RECEIVED) {
        line_put(UART_DATA);
    }
}

void hardware_send(uint8_t byte) {
    while (!(UART_LINE & LINE_SENT)) {
    }
    UART_DATA = byte;
}

uint32_t hardware_ticks(void) {
    return TIME_LOW;
}

// A byte or the end of the nap ends the sleep: an interrupt that is pending does; as interrupts are off, it is not taken.
// Without the byte's, QEMU 7.2 with -icount at times leaves the timer, and so the machine, asleep for good.
void hardware_wait(void) {
    uint32_t now = TIME_LOW;
    COMPARE_HIGH = 0xFFFFFFFF;
    COMPARE_LOW = now + NAP_TICKS;
    COMPARE_HIGH = TIME_HIGH + (now + NAP_TICKS < now);
    __asm volatile ("wfi");
}

void hardware_print(const char *text, size_t length) {
    mp_semihosting_tx_strn(text, length);
}

void hardware_exit(uint32_t status) {
    FINISHER = status ? status << 16 | FINISH_FAILED : FINISH_OK;
    for (;;) {
    }
}
