# What runs before boot.py: makes a board of the unix port. After this the host's file system is out of sight.
#
# Environment: VIRTUAL_STATE the folder of the flash, VIRTUAL_ROOT where its file system lies, VIRTUAL_TTY this
# process's terminal, VIRTUAL_CONTROL descriptor to the supervisor, VIRTUAL_REPL set where main.py is not run,
# VIRTUAL_CAUSE why this start is.

import os
import sys

import flash
import machine
import virtual_micropython
import virtual_vfs

_CTRL_C = 3
_NOBODY = -1
_PATH = ("", ".frozen", "/rom", "/rom/lib")


# The first terminal that the leader of a session opens is the one whose Ctrl-C it gets.
def _take_terminal():
    open(os.getenv("VIRTUAL_TTY")).close()


def _make_board():
    state = os.getenv("VIRTUAL_STATE")
    files = flash.Blocks(state + "/files.img", flash.FILE_BLOCKS)
    flash.journal = flash.Flash(state + "/journal.img", flash.JOURNAL_BLOCKS)
    flash.rom = flash.Mapped(state + "/rom.img", flash.ROM_BLOCKS)
    sys.modules["micropython"] = virtual_micropython
    sys.modules["vfs"] = virtual_vfs
    virtual_vfs.umount("/")
    root = os.getenv("VIRTUAL_ROOT")
    virtual_vfs.mount(_file_system(files), root)
    os.chdir(root)
    virtual_vfs.mount_rom()
    sys.path[:] = _PATH + (root, root.rstrip("/") + "/lib")


def _file_system(files):
    try:
        return virtual_vfs.VfsLfs2(files)
    except OSError:
        virtual_vfs.VfsLfs2.mkfs(files)
        return virtual_vfs.VfsLfs2(files)


# As a board does: Ctrl-C interrupts what runs, and is a byte that waits before and after. A script that is not there is
# no error, and one that fails leaves the REPL. SystemExit is a soft reset.
def run(name, names):
    try:
        with open(name) as file:
            text = file.read()
    except OSError:
        return
    try:
        code = compile(text, name, "exec")
        virtual_micropython.kbd_intr(_CTRL_C)
        exec(code, names)
    except (Exception, KeyboardInterrupt) as error:
        if isinstance(error, SystemExit):
            raise
        sys.print_exception(error)
    virtual_micropython.kbd_intr(_NOBODY)


def start(names):
    repl = os.getenv("VIRTUAL_REPL")
    machine.cause = int(os.getenv("VIRTUAL_CAUSE"))
    try:
        _take_terminal()
        _make_board()
    except Exception as error:  # no board, then: nothing of the host's is to be shown instead
        sys.print_exception(error)
        sys.exit(1)
    run("boot.py", names)
    if not repl:
        run("main.py", names)
    virtual_micropython.kbd_intr(_CTRL_C)  # what the REPL gives to what it runs
