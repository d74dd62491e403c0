// hashlib.sha256, by pycryptodome's SHA256.c. Its state lies on MicroPython's heap.

#include "py/objstr.h"
#include "py/runtime.h"

#define DIGEST (32)

typedef struct sha256_state sha256_state_t;
int SHA256_init(sha256_state_t **state);
int SHA256_update(sha256_state_t *state, const uint8_t *buf, size_t len);
int SHA256_digest(const sha256_state_t *state, uint8_t *digest, size_t digest_size);

typedef struct {
    mp_obj_base_t base;
    sha256_state_t *state;
} sha256_obj_t;

static mp_obj_t sha256_update(mp_obj_t self_in, mp_obj_t data) {
    sha256_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t from;
    mp_get_buffer_raise(data, &from, MP_BUFFER_READ);
    SHA256_update(self->state, from.buf, from.len);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(sha256_update_obj, sha256_update);

static mp_obj_t sha256_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 1, false);
    sha256_obj_t *self = mp_obj_malloc(sha256_obj_t, type);
    SHA256_init(&self->state);
    if (n_args) {
        sha256_update(MP_OBJ_FROM_PTR(self), args[0]);
    }
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t sha256_digest(mp_obj_t self_in) {
    sha256_obj_t *self = MP_OBJ_TO_PTR(self_in);
    uint8_t digest[DIGEST];
    SHA256_digest(self->state, digest, DIGEST);
    return mp_obj_new_bytes(digest, DIGEST);
}
static MP_DEFINE_CONST_FUN_OBJ_1(sha256_digest_obj, sha256_digest);

static const mp_rom_map_elem_t sha256_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_update), MP_ROM_PTR(&sha256_update_obj) },
    { MP_ROM_QSTR(MP_QSTR_digest), MP_ROM_PTR(&sha256_digest_obj) },
};
static MP_DEFINE_CONST_DICT(sha256_locals, sha256_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    type_sha256, MP_QSTR_sha256, MP_TYPE_FLAG_NONE, make_new, sha256_make_new, locals_dict, &sha256_locals);

static const mp_rom_map_elem_t hashlib_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_hashlib) },
    { MP_ROM_QSTR(MP_QSTR_sha256), MP_ROM_PTR(&type_sha256) },
};
static MP_DEFINE_CONST_DICT(hashlib_globals, hashlib_globals_table);

const mp_obj_module_t mp_module_emulated_hashlib = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&hashlib_globals,
};
MP_REGISTER_MODULE(MP_QSTR_hashlib, mp_module_emulated_hashlib);
