// cryptolib.aes(key, 1): AES-128 in ECB mode, encryption only, by pycryptodome's AES.c. Its state lies on MicroPython's heap.

#include "py/runtime.h"

#define ECB (1)
#define BLOCK (16)

// The head of that library's cipher state (block_base.h).
typedef struct cipher {
    int (*encrypt)(const struct cipher *state, const uint8_t *in, uint8_t *out, size_t length);
} cipher_t;
int AES_start_operation(const uint8_t key[], size_t key_len, cipher_t **state);

typedef struct {
    mp_obj_base_t base;
    cipher_t *state;
} aes_obj_t;

static mp_obj_t aes_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 2, 2, false);
    mp_buffer_info_t key;
    mp_get_buffer_raise(args[0], &key, MP_BUFFER_READ);
    aes_obj_t *self = mp_obj_malloc(aes_obj_t, type);
    if (mp_obj_get_int(args[1]) != ECB || AES_start_operation(key.buf, key.len, &self->state)) {
        mp_raise_ValueError(MP_ERROR_TEXT("mode or key"));
    }
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t aes_encrypt(mp_obj_t self_in, mp_obj_t data) {
    aes_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t from;
    mp_get_buffer_raise(data, &from, MP_BUFFER_READ);
    if (from.len % BLOCK) {
        mp_raise_ValueError(MP_ERROR_TEXT("length"));
    }
    vstr_t out;
    vstr_init_len(&out, from.len);
    self->state->encrypt(self->state, from.buf, (uint8_t *)out.buf, from.len);
    return mp_obj_new_bytes_from_vstr(&out);
}
static MP_DEFINE_CONST_FUN_OBJ_2(aes_encrypt_obj, aes_encrypt);

static const mp_rom_map_elem_t aes_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_encrypt), MP_ROM_PTR(&aes_encrypt_obj) },
};
static MP_DEFINE_CONST_DICT(aes_locals, aes_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    type_aes, MP_QSTR_aes, MP_TYPE_FLAG_NONE, make_new, aes_make_new, locals_dict, &aes_locals);

static const mp_rom_map_elem_t cryptolib_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_cryptolib) },
    { MP_ROM_QSTR(MP_QSTR_aes), MP_ROM_PTR(&type_aes) },
};
static MP_DEFINE_CONST_DICT(cryptolib_globals, cryptolib_globals_table);

const mp_obj_module_t mp_module_emulated_cryptolib = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&cryptolib_globals,
};
MP_REGISTER_MODULE(MP_QSTR_cryptolib, mp_module_emulated_cryptolib);
