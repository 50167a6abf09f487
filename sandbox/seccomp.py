"""Which system calls a process may make, held by seccomp, a filter in the Linux kernel.

Landlock holds files; this holds what else reaches beyond a process. It is a list of calls that are
refused, by kind. A call that is newer than the list is refused, too. Documented in the kernel's
userspace-api/seccomp_filter.rst; the packages that wrap it need a C library that is often missing.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH_…, column below
SECCOMP = (317, 277)
SET_FILTER, ALL_THREADS, ASK_ACTION, PR_SET_NO_NEW_PRIVS = 1, 1, 2, 38
ALLOW, REFUSE = 0x7FFF0000, 0x00050000  # the latter with an error number
LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # of classic BPF
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
NEWER = 463  # the first number after the list; those of x32 are above it, too
NONE = -1  # this machine has no such call

Calls = Sequence[tuple[str, int, int]]  # name, its number on x86-64, on aarch64

STARTING: Calls = (  # a process or a thread: what a limit on processes also refuses
    *(("fork", 57, NONE), ("vfork", 58, NONE), ("clone", 56, 220), ("clone3", 435, 435)),
)
REFUSED: Calls = (
    # another program would start with a filter that does not fit it
    *(("execve", 59, 221), ("execveat", 322, 281)),
    # a descriptor of a process can be signalled, and its memory and files be taken
    *(("pidfd_send_signal", 424, 424), ("pidfd_open", 434, 434), ("pidfd_getfd", 438, 438)),
    *(("process_madvise", 440, 440), ("process_mrelease", 448, 448)),
    *(("ptrace", 101, 117), ("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271)),
    *(("kcmp", 312, 272), ("perf_event_open", 298, 241)),
    # scheduler and priority, of any process: one of the same user can be slowed for good
    *(("sched_setparam", 142, 118), ("sched_setscheduler", 144, 119), ("sched_setattr", 314, 274)),
    *(("sched_setaffinity", 203, 122), ("setpriority", 141, 140), ("ioprio_set", 251, 30)),
    *(("migrate_pages", 256, 238), ("move_pages", 279, 239)),
    # sockets of any kind: TCP is Landlock's from version 4 on, UDP and files' are nobody's
    *(("socket", 41, 198), ("socketpair", 53, 199)),
    # memory, queues, semaphores and keys with a name of their own outlive the process
    *(("shmget", 29, 194), ("shmat", 30, 196), ("shmctl", 31, 195)),
    *(("semget", 64, 190), ("semop", 65, 193), ("semctl", 66, 191), ("semtimedop", 220, 192)),
    *(("msgget", 68, 186), ("msgsnd", 69, 189), ("msgrcv", 70, 188), ("msgctl", 71, 187)),
    *(("mq_open", 240, 180), ("mq_unlink", 241, 181)),
    *(("add_key", 248, 217), ("request_key", 249, 218), ("keyctl", 250, 219)),
    # a namespace of one's own gives capabilities; without one, the like of mount needs root
    *(("unshare", 272, 97), ("setns", 308, 268)),
    # they do for a process what this filter and Landlock do not see
    *(("io_uring_setup", 425, 425), ("io_uring_enter", 426, 426), ("io_setup", 206, 0)),
    *(("io_uring_register", 427, 427), ("bpf", 321, 280), ("userfaultfd", 323, 282)),
    *(("name_to_handle_at", 303, 264), ("open_by_handle_at", 304, 265), ("openat2", 437, 437)),
    # they tell what others do, or make the machine wait for its disks
    *(("inotify_init", 253, NONE), ("inotify_init1", 294, 26), ("fanotify_init", 300, 262)),
    *(("syslog", 103, 116), ("sync", 162, 81), ("syncfs", 306, 267)),
    # modes, owners and times of files: Landlock leaves them alone
    *(("chmod", 90, NONE), ("fchmod", 91, 52), ("fchmodat", 268, 53), ("fchmodat2", 452, 452)),
    *(("chown", 92, NONE), ("fchown", 93, 55), ("lchown", 94, NONE), ("fchownat", 260, 54)),
    *(("utime", 132, NONE), ("utimes", 235, NONE), ("futimesat", 261, NONE)),
    ("utimensat", 280, 88),
)
UNSUPPORTED: Calls = (  # shutil knows file systems that have none
    *(("setxattr", 188, 5), ("lsetxattr", 189, 6), ("fsetxattr", 190, 7)),
    *(("removexattr", 197, 14), ("lremovexattr", 198, 15), ("fremovexattr", 199, 16)),
)
TRUNCATE: Calls = (("truncate", 76, 45),)  # of a path; Landlock's from version 3 on
TO_ITSELF: Calls = (  # the first argument is a process
    *(("kill", 62, 129), ("tkill", 200, 130), ("tgkill", 234, 131)),
    *(("rt_sigqueueinfo", 129, 138), ("rt_tgsigqueueinfo", 297, 240), ("prlimit64", 302, 261)),
)


class Choice(NamedTuple):
    """One call that is allowed or refused by an argument."""

    call: tuple[str, int, int]
    argument: int
    values: Sequence[int]
    mask: int = 0xFFFFFFFF
    allowed: bool = True  # or just these are refused


CHOICES = (
    # what owns a descriptor, holds a lease or watches a folder gets or sends signals
    Choice(("fcntl", 72, 25), 1, (*range(8), 36, 37, 38, *range(1030, 1035))),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, TCGETS2
    Choice(("ioctl", 16, 29), 1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A)),
    # dumpable, name, capability; not what ends this process with the app
    Choice(("prctl", 157, 167), 0, (3, 15, 16, 23, 0x53564D41)),
    # before version 3, Landlock lets a file be emptied that is opened for reading
    Choice(("open", 2, NONE), 1, (os.O_TRUNC,), os.O_TRUNC | os.O_WRONLY | os.O_RDWR, False),
    Choice(("openat", 257, 56), 2, (os.O_TRUNC,), os.O_TRUNC | os.O_WRONLY | os.O_RDWR, False),
)


def available() -> bool:
    """Whether this kernel filters calls, and this module knows their numbers."""
    if sys.platform != "linux" or platform.machine() not in MACHINES or sys.maxsize < 2**32:
        return False
    return _seccomp(ASK_ACTION, 0, struct.pack("I", REFUSE)) == 0


def refuse_calls(truncate: bool) -> None:
    """Refuse this process calls that reach beyond it, for good; also `truncate`, if it is True.

    Nothing where seccomp is not available. Raises OSError when it refuses.
    """
    if not available():
        return
    program = b"".join(_program(*MACHINES[platform.machine()], truncate))
    held = ctypes.create_string_buffer(program, len(program))
    filter_of = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if _seccomp(SET_FILTER, ALL_THREADS, filter_of):
        raise OSError("seccomp refused the filter")


def _seccomp(operation: int, flags: int, data: bytes) -> int:
    number = SECCOMP[MACHINES[platform.machine()][1]]
    result: int = ctypes.CDLL(None).syscall(number, operation, flags, data)
    return result


def _program(architecture: int, column: int, truncate: bool) -> Iterator[bytes]:
    """The instructions of the filter: blocks, each of which answers for one call or is skipped."""
    yield _op(LOAD, ARCHITECTURE)
    yield _op(EQUAL, architecture, 1, 0)
    yield _op(RETURN, REFUSE | errno.EPERM)
    yield _op(LOAD, NUMBER)
    yield _op(AT_LEAST, NEWER, 0, 1)
    yield _op(RETURN, REFUSE | errno.ENOSYS)
    for calls, error in (
        *((STARTING, errno.EAGAIN), (REFUSED, errno.EPERM)),
        *((UNSUPPORTED, errno.EOPNOTSUPP), (TRUNCATE if truncate else (), errno.EPERM)),
    ):
        for call in calls:
            yield from _block(call[1:][column], [_op(RETURN, REFUSE | error)])
    itself = (Choice(call, 0, _own(call[0])) for call in TO_ITSELF)
    for choice in (*CHOICES, *itself):
        yield from _block(choice.call[1:][column], _chosen(choice))
    yield _op(RETURN, ALLOW)


def _own(name: str) -> tuple[int, ...]:
    return (os.getpid(), 0) if name == "prlimit64" else (os.getpid(),)  # kill: 0 is the group


def _block(number: int, answer: list[bytes]) -> list[bytes]:
    return [] if number == NONE else [_op(EQUAL, number, 0, len(answer)), *answer]


def _chosen(choice: Choice) -> list[bytes]:
    match, other = ALLOW, REFUSE | errno.EPERM
    if not choice.allowed:
        match, other = other, match
    # the kernel reads these arguments as 32 bits, the lower ones
    steps = [_op(LOAD, FIRST_ARGUMENT + 8 * choice.argument), _op(AND, choice.mask)]
    for value in choice.values:
        steps += [_op(EQUAL, value, 0, 1), _op(RETURN, match)]
    return [*steps, _op(RETURN, other)]


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
