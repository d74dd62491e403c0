// Stands before pycryptodome's sources: what they allocate is MicroPython's.

#include <assert.h>
#include <stdlib.h>

#include "py/gc.h"
#include "py/misc.h"

#define calloc(count, size) m_malloc0((count) * (size))
#define free(state) gc_free(state)
