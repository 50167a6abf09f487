"""Refuse system calls that reach beyond a process with seccomp, a filter in the Linux kernel.

Landlock protects files; this filter covers the rest. It refuses the calls listed below, and every
call that is newer than the list. See the kernel's userspace-api/seccomp_filter.rst. The packages
that wrap seccomp need a C library that is often missing.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH_…, column in Call
SECCOMP_NUMBERS = (317, 277)
SET_FILTER, ALL_THREADS, GET_ACTION_AVAIL, PR_SET_NO_NEW_PRIVS = 1, 1, 2, 38
ALLOW, REFUSE = 0x7FFF0000, 0x00050000  # REFUSE is combined with an errno
LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # opcodes of classic BPF
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
FIRST_UNKNOWN = 463  # the first number after the list; x32 numbers are larger, too
NO_NUMBER = -1  # this architecture has no such call

Call = tuple[str, int, int]  # name, its number on x86-64, on aarch64
Calls = Sequence[Call]
PROCESS_STARTS: Calls = (  # processes and threads, which RLIMIT_NPROC also refuses
    *(("fork", 57, NO_NUMBER), ("vfork", 58, NO_NUMBER), ("clone", 56, 220), ("clone3", 435, 435)),
)
REFUSED: Calls = (
    # a new program would inherit a filter that does not fit it
    *(("execve", 59, 221), ("execveat", 322, 281)),
    # access to the signals, memory and files of other processes
    *(("pidfd_send_signal", 424, 424), ("pidfd_open", 434, 434), ("pidfd_getfd", 438, 438)),
    *(("process_madvise", 440, 440), ("process_mrelease", 448, 448), ("ptrace", 101, 117)),
    *(("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271), ("kcmp", 312, 272)),
    ("perf_event_open", 298, 241),
    # scheduler and priority: these can slow another process of the same user permanently
    *(("sched_setparam", 142, 118), ("sched_setscheduler", 144, 119)),
    *(("sched_setattr", 314, 274), ("sched_setaffinity", 203, 122), ("setpriority", 141, 140)),
    *(("ioprio_set", 251, 30), ("migrate_pages", 256, 238), ("move_pages", 279, 239)),
    # all sockets: Landlock covers TCP from version 4 on, but neither UDP nor Unix sockets
    *(("socket", 41, 198), ("socketpair", 53, 199)),
    # named memory, queues, semaphores and keys outlive the process
    *(("shmget", 29, 194), ("shmat", 30, 196), ("shmctl", 31, 195), ("semget", 64, 190)),
    *(("semop", 65, 193), ("semctl", 66, 191), ("semtimedop", 220, 192), ("msgget", 68, 186)),
    *(("msgsnd", 69, 189), ("msgrcv", 70, 188), ("msgctl", 71, 187), ("mq_open", 240, 180)),
    *(("mq_unlink", 241, 181), ("add_key", 248, 217), ("request_key", 249, 218)),
    ("keyctl", 250, 219),
    # a new namespace gives capabilities; without one, calls like mount need root
    *(("unshare", 272, 97), ("setns", 308, 268)),
    # these bypass this filter and Landlock
    *(("io_uring_setup", 425, 425), ("io_uring_enter", 426, 426), ("io_setup", 206, 0)),
    *(("io_uring_register", 427, 427), ("bpf", 321, 280), ("userfaultfd", 323, 282)),
    *(("name_to_handle_at", 303, 264), ("open_by_handle_at", 304, 265), ("openat2", 437, 437)),
    # these reveal what other processes do, or make the machine wait for its disks
    *(("inotify_init", 253, NO_NUMBER), ("inotify_init1", 294, 26), ("fanotify_init", 300, 262)),
    *(("syslog", 103, 116), ("sync", 162, 81), ("syncfs", 306, 267)),
    # modes, owners and times of files, which Landlock does not cover
    *(("chmod", 90, NO_NUMBER), ("fchmod", 91, 52), ("fchmodat", 268, 53)),
    *(("fchmodat2", 452, 452), ("chown", 92, NO_NUMBER), ("fchown", 93, 55)),
    *(("lchown", 94, NO_NUMBER), ("fchownat", 260, 54), ("utime", 132, NO_NUMBER)),
    *(("utimes", 235, NO_NUMBER), ("futimesat", 261, NO_NUMBER), ("utimensat", 280, 88)),
)
UNSUPPORTED: Calls = (  # shutil handles file systems without extended attributes
    *(("setxattr", 188, 5), ("lsetxattr", 189, 6), ("fsetxattr", 190, 7)),
    *(("removexattr", 197, 14), ("lremovexattr", 198, 15), ("fremovexattr", 199, 16)),
)
TRUNCATE: Calls = (("truncate", 76, 45),)  # by path; Landlock covers it from version 3 on
OWN_PROCESS_ONLY: Calls = (  # the first argument is a process
    *(("kill", 62, 129), ("tkill", 200, 130), ("tgkill", 234, 131)),
    *(("rt_sigqueueinfo", 129, 138), ("rt_tgsigqueueinfo", 297, 240), ("prlimit64", 302, 261)),
)


class ArgumentFilter(NamedTuple):
    """A call that is allowed or refused depending on one argument."""

    call: Call
    argument: int
    values: Sequence[int]
    mask: int = 0xFFFFFFFF
    allowed: bool = True  # if False, these values are refused and all others allowed


ACCESS = os.O_TRUNC | os.O_WRONLY | os.O_RDWR
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, TCGETS2
IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A)
ARGUMENT_FILTERS = (
    # not the commands that set an owner or a lease, or watch a folder: they send signals
    ArgumentFilter(("fcntl", 72, 25), 1, (*range(8), 36, 37, 38, *range(1030, 1035))),
    ArgumentFilter(("ioctl", 16, 29), 1, IOCTLS),
    # dumpable, name, capability; not the call that would undo end_with_parent
    ArgumentFilter(("prctl", 157, 167), 0, (3, 15, 16, 23, 0x53564D41)),
    # before version 3, Landlock allows truncating a file that is opened for reading
    ArgumentFilter(("open", 2, NO_NUMBER), 1, (os.O_TRUNC,), ACCESS, allowed=False),
    ArgumentFilter(("openat", 257, 56), 2, (os.O_TRUNC,), ACCESS, allowed=False),
)


def available() -> bool:
    """Whether this kernel has seccomp and this module knows its call numbers."""
    if sys.platform != "linux" or platform.machine() not in MACHINES or sys.maxsize < 2**32:
        return False
    return _seccomp(GET_ACTION_AVAIL, 0, struct.pack("I", REFUSE)) == 0


def refuse_calls(truncate: bool) -> None:
    """Where seccomp is available, permanently refuse the calls above; TRUNCATE if `truncate`."""
    if not available():
        return
    program = b"".join(_program(*MACHINES[platform.machine()], truncate))
    buffer = ctypes.create_string_buffer(program, len(program))
    sock_fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if _seccomp(SET_FILTER, ALL_THREADS, sock_fprog):
        raise OSError("seccomp refused the filter")


def _seccomp(operation: int, flags: int, data: bytes) -> int:
    number = SECCOMP_NUMBERS[MACHINES[platform.machine()][1]]
    result: int = ctypes.CDLL(None).syscall(number, operation, flags, data)
    return result


def _program(architecture: int, column: int, truncate: bool) -> Iterator[bytes]:
    """Yield the filter's instructions: one block per call, which other calls skip."""
    yield _op(LOAD, ARCHITECTURE)
    yield _op(EQUAL, architecture, 1, 0)
    yield _op(RETURN, REFUSE | errno.EPERM)
    yield _op(LOAD, NUMBER)
    yield _op(AT_LEAST, FIRST_UNKNOWN, 0, 1)
    yield _op(RETURN, REFUSE | errno.ENOSYS)
    for calls, error in (
        (PROCESS_STARTS, errno.EAGAIN),
        (REFUSED, errno.EPERM),
        (UNSUPPORTED, errno.EOPNOTSUPP),
        (TRUNCATE if truncate else (), errno.EPERM),
    ):
        for call in calls:
            yield from _block(call[1:][column], [_op(RETURN, REFUSE | error)])
    own_process = (ArgumentFilter(call, 0, _own_process(call[0])) for call in OWN_PROCESS_ONLY)
    for rule in (*ARGUMENT_FILTERS, *own_process):
        yield from _block(rule.call[1:][column], _argument_filter(rule))
    yield _op(RETURN, ALLOW)


def _own_process(name: str) -> tuple[int, ...]:
    return (os.getpid(), 0) if name == "prlimit64" else (os.getpid(),)  # for kill, 0 is the group


def _block(number: int, answer: list[bytes]) -> list[bytes]:
    return [] if number == NO_NUMBER else [_op(EQUAL, number, 0, len(answer)), *answer]


def _argument_filter(rule: ArgumentFilter) -> list[bytes]:
    refuse = REFUSE | errno.EPERM
    match, other = (ALLOW, refuse) if rule.allowed else (refuse, ALLOW)
    # the kernel reads only the lower 32 bits of these arguments
    steps = [_op(LOAD, FIRST_ARGUMENT + 8 * rule.argument), _op(AND, rule.mask)]
    for value in rule.values:
        steps += [_op(EQUAL, value, 0, 1), _op(RETURN, match)]
    return [*steps, _op(RETURN, other)]


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
