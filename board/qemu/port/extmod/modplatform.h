// Names that the REPL's banner and sys.version ask for; the source distribution has no extmod/.

#define MICROPY_PLATFORM_SYSTEM "bare"
#define MICROPY_PLATFORM_ARCH "emulated"
#define MICROPY_PLATFORM_COMPILER "GCC"
#define MICROPY_PLATFORM_LIBC ""
#define MICROPY_PLATFORM_LIBC_VER ""
#define MICROPY_PLATFORM_LIBC_LIB ""
