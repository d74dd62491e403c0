// The module emulator: line, clock, flash and randomness of an emulated board, for its board.py.

#include <string.h>

#include "hardware.h"
#include "line.h"
#include "stats.h"

#include "py/mphal.h"
#include "py/runtime.h"
#include "py/smallint.h"

#define TICKS_PERIOD (MP_SMALL_INT_POSITIVE_MASK / 2 + 1)  // as MICROPY_PY_TIME_TICKS_PERIOD of boards
#define BLOCKS (24)
#define BLOCK_SIZE (4096)
#define BLOCK_COUNT_OF (4)  // operations of ioctl
#define BLOCK_SIZE_OF (5)
#define ERASE (6)
#define PAUSE_MS (5)
#define SEED (32)
#define DIGEST (32)

typedef struct sha256_state sha256_state_t;
int SHA256_init(sha256_state_t **state);
int SHA256_update(sha256_state_t *state, const uint8_t *buf, size_t len);
int SHA256_digest(const sha256_state_t *state, uint8_t *digest, size_t digest_size);

// --- the line

static mp_obj_t emulator_receive(mp_obj_t buffer) {
    mp_buffer_info_t to;
    mp_get_buffer_raise(buffer, &to, MP_BUFFER_WRITE);
    hardware_poll();
    size_t n = 0;
    for (int c; n < to.len && (c = line_get()) >= 0; n++) {
        ((uint8_t *)to.buf)[n] = c;
    }
    return MP_OBJ_NEW_SMALL_INT(n);
}
static MP_DEFINE_CONST_FUN_OBJ_1(emulator_receive_obj, emulator_receive);

static mp_obj_t emulator_send(mp_obj_t buffer, mp_obj_t offset, mp_obj_t count) {
    mp_buffer_info_t from;
    mp_get_buffer_raise(buffer, &from, MP_BUFFER_READ);
    size_t at = mp_obj_get_int(offset), end = at + mp_obj_get_int(count);
    if (at > end || end > from.len) {
        mp_raise_ValueError(MP_ERROR_TEXT("beyond the buffer"));
    }
    while (at < end) {
        hardware_send(((uint8_t *)from.buf)[at++]);
    }
    return count;
}
static MP_DEFINE_CONST_FUN_OBJ_3(emulator_send_obj, emulator_send);

// --- time

static mp_obj_t emulator_ticks_ms(void) {
    return MP_OBJ_NEW_SMALL_INT(mp_hal_ticks_ms() & (TICKS_PERIOD - 1));
}
static MP_DEFINE_CONST_FUN_OBJ_0(emulator_ticks_ms_obj, emulator_ticks_ms);

static mp_obj_t emulator_ticks_diff(mp_obj_t end, mp_obj_t start) {
    mp_uint_t between = MP_OBJ_SMALL_INT_VALUE(end) - MP_OBJ_SMALL_INT_VALUE(start);
    mp_int_t signed_between = ((between + TICKS_PERIOD / 2) & (TICKS_PERIOD - 1)) - TICKS_PERIOD / 2;
    return MP_OBJ_NEW_SMALL_INT(signed_between);
}
static MP_DEFINE_CONST_FUN_OBJ_2(emulator_ticks_diff_obj, emulator_ticks_diff);

static void note_busy(uint32_t ticks) {
    uint32_t low = emulator_stats.busy_low + ticks;
    emulator_stats.busy_high += low < ticks;
    emulator_stats.busy_low = low;
    emulator_stats.allocated = m_get_current_bytes_allocated();
}

// Returns when a frame has come, or some of one a while ago, at the latest after that time. So do UARTs that interrupt
// after a pause, and what an exchange costs does not depend on how its bytes are spaced.
static mp_obj_t emulator_wait(mp_obj_t timeout_ms) {
    static uint32_t woken;
    note_busy(hardware_ticks() - woken);
    emulator_stats.waits++;
    mp_uint_t began = mp_hal_ticks_ms(), most = mp_obj_get_int(timeout_ms);
    bool some = false;
    for (hardware_poll(); !line_has_frame(); hardware_poll()) {
        mp_uint_t now = mp_hal_ticks_ms();
        if (!some && line_has_bytes()) {
            some = true;
            began = now;
            most = MIN(most, PAUSE_MS);
        }
        if (now - began >= most) {
            break;
        }
        hardware_wait();
    }
    woken = hardware_ticks();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(emulator_wait_obj, emulator_wait);

// --- flash: erasing sets a block's bits, programming only clears them

static uint8_t *place(mp_obj_t block, mp_obj_t offset, size_t length) {
    mp_int_t at = mp_obj_get_int(block) * BLOCK_SIZE + mp_obj_get_int(offset);
    if (at < 0 || at + length > BLOCKS * BLOCK_SIZE) {
        mp_raise_ValueError(MP_ERROR_TEXT("beyond the flash"));
    }
    return &flash_area + at;
}

static mp_obj_t emulator_readblocks(mp_obj_t block, mp_obj_t buffer, mp_obj_t offset) {
    mp_buffer_info_t to;
    mp_get_buffer_raise(buffer, &to, MP_BUFFER_WRITE);
    memcpy(to.buf, place(block, offset, to.len), to.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(emulator_readblocks_obj, emulator_readblocks);

static mp_obj_t emulator_writeblocks(mp_obj_t block, mp_obj_t buffer, mp_obj_t offset) {
    mp_buffer_info_t from;
    mp_get_buffer_raise(buffer, &from, MP_BUFFER_READ);
    uint8_t *at = place(block, offset, from.len);
    for (size_t i = 0; i < from.len; i++) {
        at[i] &= ((uint8_t *)from.buf)[i];
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(emulator_writeblocks_obj, emulator_writeblocks);

static mp_obj_t emulator_ioctl(mp_obj_t operation, mp_obj_t argument) {
    switch (mp_obj_get_int(operation)) {
        case BLOCK_COUNT_OF:
            return MP_OBJ_NEW_SMALL_INT(BLOCKS);
        case BLOCK_SIZE_OF:
            return MP_OBJ_NEW_SMALL_INT(BLOCK_SIZE);
        case ERASE:
            memset(place(argument, MP_OBJ_NEW_SMALL_INT(0), BLOCK_SIZE), 0xFF, BLOCK_SIZE);
    }
    return MP_OBJ_NEW_SMALL_INT(0);
}
static MP_DEFINE_CONST_FUN_OBJ_2(emulator_ioctl_obj, emulator_ioctl);

// --- randomness: SHA-256 over the host's seed and a counter

static mp_obj_t emulator_random(mp_obj_t count) {
    static uint32_t counter;
    vstr_t out;
    vstr_init_len(&out, mp_obj_get_int(count));
    for (size_t at = 0; at < out.len; at += DIGEST, counter++) {
        uint8_t digest[DIGEST];
        uint32_t now = hardware_ticks();
        sha256_state_t *state;
        SHA256_init(&state);
        SHA256_update(state, &seed_area, SEED);
        SHA256_update(state, (const uint8_t *)&counter, sizeof(counter));
        SHA256_update(state, (const uint8_t *)&now, sizeof(now));
        SHA256_digest(state, digest, DIGEST);
        memcpy(out.buf + at, digest, MIN(DIGEST, out.len - at));
    }
    return mp_obj_new_bytes_from_vstr(&out);
}
static MP_DEFINE_CONST_FUN_OBJ_1(emulator_random_obj, emulator_random);

static const mp_rom_map_elem_t emulator_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_emulator) },
    { MP_ROM_QSTR(MP_QSTR_receive), MP_ROM_PTR(&emulator_receive_obj) },
    { MP_ROM_QSTR(MP_QSTR_send), MP_ROM_PTR(&emulator_send_obj) },
    { MP_ROM_QSTR(MP_QSTR_ticks_ms), MP_ROM_PTR(&emulator_ticks_ms_obj) },
    { MP_ROM_QSTR(MP_QSTR_ticks_diff), MP_ROM_PTR(&emulator_ticks_diff_obj) },
    { MP_ROM_QSTR(MP_QSTR_wait), MP_ROM_PTR(&emulator_wait_obj) },
    { MP_ROM_QSTR(MP_QSTR_readblocks), MP_ROM_PTR(&emulator_readblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_writeblocks), MP_ROM_PTR(&emulator_writeblocks_obj) },
    { MP_ROM_QSTR(MP_QSTR_ioctl), MP_ROM_PTR(&emulator_ioctl_obj) },
    { MP_ROM_QSTR(MP_QSTR_random), MP_ROM_PTR(&emulator_random_obj) },
};
static MP_DEFINE_CONST_DICT(emulator_globals, emulator_globals_table);

const mp_obj_module_t mp_module_emulator = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&emulator_globals,
};
MP_REGISTER_MODULE(MP_QSTR_emulator, mp_module_emulator);
