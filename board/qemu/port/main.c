// The interpreter from start to start: main.py, then the REPL on the line, then both again, as boards do.

#include <string.h>

#include "hardware.h"
#include "line.h"
#include "rom.h"
#include "stats.h"

#include "py/builtin.h"
#include "py/cstack.h"
#include "py/gc.h"
#include "py/mperrno.h"
#include "py/lexer.h"
#include "py/mphal.h"
#include "py/mpstate.h"
#include "py/reader.h"
#include "py/repl.h"
#include "py/runtime.h"
#include "py/stackctrl.h"
#include "shared/readline/readline.h"
#include "shared/runtime/gchelper.h"
#include "shared/runtime/pyexec.h"

static uint8_t heap[EMULATOR_HEAP_BYTES] __attribute__((aligned(16)));
static bool repl_has_line;
volatile emulator_stats_t emulator_stats;

// True where main.py asked for a restart, which SystemExit does; else the REPL gets the line.
static bool run_main(void) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t name = MP_OBJ_NEW_QSTR(qstr_from_str("main"));
        mp_call_function_1(MP_OBJ_FROM_PTR(&mp_builtin___import___obj), name);
        nlr_pop();
        return false;
    }
    mp_obj_t raised = MP_OBJ_FROM_PTR(nlr.ret_val);
    mp_obj_t type = MP_OBJ_FROM_PTR(mp_obj_get_type(raised));
    if (mp_obj_is_subclass_fast(type, MP_OBJ_FROM_PTR(&mp_type_SystemExit))) {
        return true;
    }
    mp_obj_print_exception(&mp_plat_print, raised);
    return false;
}

static void run_repl(void) {
    repl_has_line = true;
    int ended = 0;
    while (!(ended & PYEXEC_FORCED_EXIT)) {
        ended = pyexec_mode_kind == PYEXEC_MODE_RAW_REPL ? pyexec_raw_repl() : pyexec_friendly_repl();
    }
    mp_hal_stdout_tx_str("MPY: soft reboot\r\n");
    repl_has_line = false;
}

int main(void) {
    hardware_init();
    mp_cstack_init_with_top(&stack_top, &stack_top - &stack_bottom);
    emulator_stats.heap_lowest_free = sizeof(heap);
    for (;;) {
        gc_init(heap, heap + sizeof(heap));
        mp_init();
        readline_init0();
        bool raw = pyexec_mode_kind == PYEXEC_MODE_RAW_REPL;
        if (raw || !run_main()) {
            run_repl();
        }
        gc_sweep_all();
        mp_deinit();
    }
}

// --- memory

void gc_collect(void) {
    gc_collect_start();
    gc_helper_collect_regs_and_stack();
    gc_collect_end();
    gc_info_t info;
    gc_info(&info);
    if (info.free < emulator_stats.heap_lowest_free) {
        emulator_stats.heap_lowest_free = info.free;
    }
    emulator_stats.collections++;
}

void nlr_jump_fail(void *value) {
    (void)value;
    static const char text[] = "an exception that nobody takes\n";
    hardware_print(text, sizeof(text) - 1);
    hardware_exit(3);
}

// --- files: .mpy in ROM

static const rom_file_t *find(const char *path) {
    for (const rom_file_t *file = rom_files; file->name; file++) {
        if (!strcmp(file->name, path)) {
            return file;
        }
    }
    return NULL;
}

mp_import_stat_t mp_import_stat(const char *path) {
    if (find(path)) {
        return MP_IMPORT_STAT_FILE;
    }
    size_t length = strlen(path);
    for (const rom_file_t *file = rom_files; file->name; file++) {
        if (!strncmp(file->name, path, length) && file->name[length] == '/') {
            return MP_IMPORT_STAT_DIR;
        }
    }
    return MP_IMPORT_STAT_NO_EXIST;
}

void mp_reader_new_file(mp_reader_t *reader, qstr name) {
    const rom_file_t *file = find(qstr_str(name));
    if (!file) {
        mp_raise_OSError(MP_ENOENT);
    }
    mp_reader_new_mem(reader, file->start, file->end - file->start, MP_READER_IS_ROM);
}

mp_lexer_t *mp_lexer_new_from_file(qstr name) {
    mp_reader_t reader;
    mp_reader_new_file(&reader, name);
    return mp_lexer_new(name, reader);
}

mp_obj_t mp_builtin_open(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs) {
    (void)n_args;
    (void)args;
    (void)kwargs;
    mp_raise_OSError(MP_ENOENT);
}
MP_DEFINE_CONST_FUN_OBJ_KW(mp_builtin_open_obj, 1, mp_builtin_open);

// --- time, and the REPL's characters

mp_uint_t mp_hal_ticks_cpu(void) {
    return hardware_ticks();
}

mp_uint_t mp_hal_ticks_us(void) {
    return hardware_ticks() / (hardware_ticks_per_ms / 1000);
}

mp_uint_t mp_hal_ticks_ms(void) {
    static uint32_t before, beyond, milliseconds;
    uint32_t now = hardware_ticks();
    beyond += now - before;
    before = now;
    milliseconds += beyond / hardware_ticks_per_ms;
    beyond %= hardware_ticks_per_ms;
    return milliseconds;
}

void mp_hal_delay_ms(mp_uint_t ms) {
    for (mp_uint_t began = mp_hal_ticks_ms(); mp_hal_ticks_ms() - began < ms;) {
        hardware_wait();
    }
}

void mp_hal_delay_us(mp_uint_t us) {
    for (mp_uint_t began = mp_hal_ticks_us(); mp_hal_ticks_us() - began < us;) {
    }
}

int mp_hal_stdin_rx_chr(void) {
    for (;;) {
        mp_handle_pending(MP_HANDLE_PENDING_CALLBACKS_AND_EXCEPTIONS);
        hardware_poll();
        int c = line_get();
        if (c >= 0) {
            return c;
        }
        hardware_wait();
    }
}

mp_uint_t mp_hal_stdout_tx_strn(const char *text, size_t length) {
    if (!repl_has_line) {
        hardware_print(text, length);
        return length;
    }
    for (size_t i = 0; i < length; i++) {
        hardware_send(text[i]);
    }
    return length;
}

// What the C library does where an assertion of pycryptodome's does not hold.
_Noreturn void __assert_func(const char *file, int line, const char *function, const char *text) {
    (void)file;
    (void)line;
    (void)function;
    hardware_print(text, strlen(text));
    hardware_exit(4);
}
