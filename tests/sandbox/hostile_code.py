"""Faulty and hostile sources, each with words of the sentence that a learner should read."""

ANSWERS = 4  # the file descriptor for answers

CLUMSY = {
    "syntax": ("x = 1\ny = 2\ndef f(:", "Line 3: invalid syntax: `def f(:`"),
    "indentation": ("def f():\nreturn 1", "Line 2: expected an indented block"),
    "parser": ("x = " + "(" * 500, "Line 1: too many nested parentheses"),
    "top level": ("import math\n\nmath.sqrt(-1)", "Line 3: ValueError: "),
    "in a library": ("import json\n\njson.loads('[')", "Line 3: JSONDecodeError: "),
    "not there": ("g = 1", "Your code does not define f."),
    "no function": ("f = [1]", "f is no function in your code, but a list."),
    "arguments": ("def f(a): pass", "TypeError: f() missing 1 required"),
    "exit": ("import sys\nsys.exit(0)", "Line 2: your code called sys.exit"),
    "quit": ("\n\nquit()", "Line 3: your code called sys.exit"),
    "_exit": ("import os\nos._exit(3)", "ended its own process (exit code 3)"),
    "abort": ("import os\nos.abort()", "was ended by the system: a library gave up"),
    "input": ("def f(): return input('? ')", "Line 1: nobody is here to answer input()"),
    "recursion": ("def f(): return f()", "Line 1: RecursionError: maximum"),
    "all descriptors": ("import os\nos.closerange(0, 99)", "Your code"),
    "stdout": ("import os, sys\nsys.stdout.close()\nprint(1)", "Line 3: ValueError: I/O operation"),
    "deaf": (f"import os, time\nos.closerange({ANSWERS}, 9)\ntime.sleep(9)", "closed its line"),
    "no answer": (f"import os\nos.write({ANSWERS}, b'[]\\n')", "sent the app something that is no"),
    "no value": (f"import os\nos.write({ANSWERS}, b'{{\"value\": {{}}}}\\n')", "that is no answer"),
    "no end": (f"import os\nos.write({ANSWERS}, b'[' * 99999 + b'\\n')", "that is no answer"),
    "main": ("import __main__\n__main__.serve = __main__.Learner = 1\n1 / 0", "Line 3: ZeroDiv"),
    "json": ("import json\njson.dumps = json.loads = None\n1 / 0", "Line 3: ZeroDivisionError"),
    "builtins": ("import builtins as b\nb.type = b.len = b.print = 0\n1 / 0", "Line 3: ZeroDiv"),
    "streams": ("import sys\nsys.stdout = sys.stderr = 1\n1 / 0", "Line 3: ZeroDivisionError"),
    "message": (
        "raise ValueError('\\x1b[31m\\0\\n' + 'x' * 10**7)",
        "Line 1: ValueError: [31m xxx",
    ),
    "exception": ("class E(BaseException):\n __str__ = 1\nraise E", "Line 3: E, which cannot be"),
}
STUBBORN = """
def f():
    while True: pass
while True:
    try: f()
    except BaseException: pass
"""
GREEDY = {
    "loop": ("def f():\n    while True: pass", "Line 2: still running after 1 s of computing"),
    "stubborn": (STUBBORN, "time or memory (SIGK"),
    "array": ("import numpy as np\ndef f(): return np.ones(10**10 // 8)", "Line 2: out of memory"),
    "list": ("x = []\nwhile True: x.append([0] * 9999)", "Line 2: out of memory; your code may"),
    "print": ("while True: print('for ever')", "Your code printed more than 1 MiB."),
    "file": ("open('x', 'w').write('x' * 10**7)", "Line 1: more than 1 MiB in one file"),
    "recursion": ("import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()", ""),
    "thread": ("import threading\nthreading.Thread(target=print).start()", "can't start new thr"),
    "result": ("def f(): return 'x' * 10**7", "f returned more than 4 MiB."),
    "long line": ("def f(): return 'λ' * 10**6", "Your code returned more than 4 MiB."),
}
FORBIDDEN = {
    "fork": ("import os\nfor _ in range(30): os.fork()", "start a process"),
    "subprocess": ("import subprocess\nsubprocess.run(['true'])", "start a process"),
    "system": ("import os\nos.system('true')", "start a process"),
    "process": ("import multiprocessing as m\nm.Process(target=print).start()", "start a process"),
    "pool": ("import multiprocessing as m\nm.Pool(30)", "reach beyond its own process"),
    "kill": ("import os\nos.kill(os.getppid(), 9)", "reach a process"),
    "limits": ("import resource as r\nr.setrlimit(r.RLIMIT_CPU, (9, 9))", "change its limits"),
    "network": ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "use the network"),
    "ctypes": ("import ctypes\nctypes.CDLL(None)", "call C code"),
    "environment": ("import os\nopen(f'/proc/{os.getppid()}/environ')", "read /proc/"),
    "listing": ("import os\nos.listdir('/root')", "read /root"),
    "write": ("\nopen('/tmp/x', 'w')", "write to /tmp/x"),
    "write above": ("\nopen('../x', 'a')", "write to /"),
    "rename": ("import os\nos.rename('.', '../x')", "remove or change its own folder"),
    "link": ("import os\nos.symlink('/etc', 'x')", "make a link"),
    "queue": ("import os\nos.mkfifo('/tmp/x')", "reach beyond its own process"),
    "own folder": ("import shutil\nshutil.rmtree('.')", "remove or change its own folder"),
    "depth": ("import os\nos.makedirs('x/' * 99)", "make folders more than 16 deep"),
}
EVIL = """
import numpy as np
class Trick:
    def __eq__(self, other): return True
    def __len__(self): return 10**9
    def __getattr__(self, name): return self
    def __array__(self, *args, **options): return np.ones(3)
    __float__ = __index__ = lambda self: 1
    __class__ = property(lambda self: float)
class Meta(type):
    __name__ = property(lambda self: 1 / 0)
    def __eq__(self, other): return True
    def __hash__(self): return hash(float)
class Sly(metaclass=Meta): pass
class Array(np.ndarray): pass
class Dict(dict): pass
class Float(float): pass
VALUES = [Trick(), Sly(), np.ones(2).view(Array), Dict(), Float(1), lambda: 1, [({1: Trick()},)]]
def f(number): return VALUES[number]
"""
NAMES = {0: "a Trick", 1: "a Sly", 5: "a function", 6: "a Trick"}  # the others are plain inside
