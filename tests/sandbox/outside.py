"""Ways to write, delete or read outside of the learner's folder. OUT is a folder outside."""

import re

SECRET = "precious-words"
WRITES = """
open(OUT + "/new", "w").write("x")
open(OUT + "/text", "w").write("x")
open(OUT + "/text", "a").write("x")
open(OUT + "/text", "r+").write("x")
open(OUT + "/new", "x")
open(OUT + "/text", "wb", opener=lambda p, f: os.open(p, f))
io.FileIO(OUT + "/text", "w")
os.write(os.open(OUT + "/text", os.O_WRONLY), b"x")
os.open(OUT + "/new", os.O_RDWR | os.O_CREAT)
os.open(OUT + "/text", os.O_RDONLY | os.O_TRUNC)
os.open(OUT, os.O_TMPFILE | os.O_RDWR)
Path(OUT, "text").write_text("x")
Path(OUT, "text").touch()
Path(OUT, "new").touch()
Path(OUT, "text").unlink()
Path(OUT, "text").rename("mine")
Path(OUT, "new").mkdir()
os.remove(OUT + "/text")
os.rename(OUT + "/text", "mine")
os.rename("own", OUT + "/text")
os.replace("own", OUT + "/new")
os.renames("own", OUT + "/a/b")
os.mkdir(OUT + "/new")
os.makedirs(OUT + "/new/newer")
os.rmdir(OUT + "/empty")
os.removedirs(OUT + "/empty")
os.truncate(OUT + "/text", 1)
os.chmod(OUT + "/text", 0)
os.chmod(OUT, 0)
os.utime(OUT + "/text", (1, 1))
os.utime(OUT + "/text")
os.chown(OUT + "/text", os.getuid(), os.getgid())
os.link(OUT + "/text", "hard"); open("hard", "w").write("x")
os.symlink(OUT + "/text", "soft"); open("soft", "w").write("x")
os.symlink("/etc", OUT + "/new")
os.link("own", OUT + "/new")
os.mkfifo(OUT + "/new")
os.mknod(OUT + "/new")
os.setxattr(OUT + "/text", "user.x", b"x")
os.chdir(OUT); open("text", "w").write("x")
os.chdir(OUT); os.remove("text")
shutil.rmtree(OUT)
shutil.move(OUT + "/text", "mine")
shutil.copy("own", OUT + "/text")
shutil.copyfile("own", OUT + "/new")
shutil.copytree(".", OUT + "/new")
shutil.make_archive(OUT + "/new", "zip", ".")
tempfile.NamedTemporaryFile(dir=OUT, delete=False)
tempfile.mkstemp(dir=OUT)
tempfile.mkdtemp(dir=OUT)
np.save(OUT + "/new.npy", np.ones(2))
np.savez(OUT + "/text", np.ones(2))
np.savetxt(OUT + "/text", np.ones(2))
np.ones(2).tofile(OUT + "/text")
np.memmap(OUT + "/text", mode="r+")[:] = 1
pd.DataFrame({"a": [1]}).to_csv(OUT + "/text")
pd.DataFrame({"a": [1]}).to_json(OUT + "/text")
pd.DataFrame({"a": [1]}).to_pickle(OUT + "/text")
pd.DataFrame({"a": [1]}).to_parquet(OUT + "/text")
importlib.import_module("pyarrow").OSFile(OUT + "/text", "wb").write(b"x")
gzip.open(OUT + "/text", "wb").write(b"x")
bz2.open(OUT + "/text", "wb").write(b"x")
lzma.open(OUT + "/text", "wb").write(b"x")
zipfile.ZipFile(OUT + "/text", "w").writestr("a", "b")
tarfile.open(OUT + "/text", "w").add("own")
shelve.open(OUT + "/new")["a"] = 1
dbm.dumb.open(OUT + "/new", "c")["a"] = "1"
sqlite3.connect(OUT + "/new").execute("create table u (a)")
sqlite3.connect(OUT + "/table").execute("drop table t")
sqlite3.connect(f"file:{OUT}/table", uri=True).execute("drop table t")
sqlite3.connect(f"file://{OUT}/table?mode=rw", uri=True).execute("drop table t")
d = sqlite3.connect(""); d.execute(f"attach '{OUT}/table' as o"); d.execute("drop table o.t")
d = sqlite3.connect("own.db"); d.execute(f"vacuum into '{OUT}/new'")
logging.FileHandler(OUT + "/text").emit(logging.makeLogRecord({"msg": "x"}))
__import__("readline").write_history_file(OUT + "/text")
faulthandler.dump_traceback(os.open(OUT + "/text", os.O_WRONLY))
cProfile.run("1", OUT + "/text")
py_compile.compile("own", OUT + "/new")
os.system("rm " + OUT + "/text")
subprocess.run(["rm", OUT + "/text"])
os.popen("rm " + OUT + "/text").read()
os.posix_spawn("/bin/rm", ["rm", OUT + "/text"], {})
os.execv("/bin/rm", ["rm", OUT + "/text"])
""".strip().splitlines()
READS = """
print(open(OUT + "/text").read())
print(os.read(os.open(OUT + "/text", os.O_RDONLY), 99))
print(Path(OUT, "text").read_text())
print(io.FileIO(OUT + "/text").read())
print(np.fromfile(OUT + "/text", np.uint8).tobytes())
print(np.loadtxt(OUT + "/text", str))
print(np.memmap(OUT + "/text").tobytes())
print(pd.read_csv(OUT + "/text"))
print(pd.read_parquet(OUT + "/text"))
print(linecache.getlines(OUT + "/text"))
print(os.listdir(OUT))
print(list(os.scandir(OUT)))
print(list(os.walk(OUT)))
print(glob.glob(OUT + "/*"))
print(list(fileinput.input(OUT + "/text")))
print(urllib.request.urlopen("file://" + OUT + "/text").read())
print(shutil.copy(OUT + "/text", "mine"), open("mine").read())
print(os.getxattr(OUT + "/text", "user.x"))
print(importlib.machinery.SourceFileLoader("m", OUT + "/text").get_data(OUT + "/text"))
print(sqlite3.connect(f"file:{OUT}/table?mode=ro", uri=True).execute("select * from t").fetchall())
__import__("readline").read_history_file(OUT + "/text")
os.chdir(OUT); print(open("text").read())
print(open("/proc/self/environ").read())
print(open(f"/proc/{os.getppid()}/cmdline").read())
""".strip().splitlines()
MODULES = (
    "bz2, cProfile, dbm.dumb, faulthandler, fileinput, glob, gzip, importlib.machinery, io, "
    "linecache, logging, lzma, os, py_compile, shelve, shutil, sqlite3, subprocess, tarfile, "
    "tempfile, urllib.request, zipfile"
)
PLAIN = f"import {MODULES}\nfrom pathlib import Path\n"
WITH_NUMPY = PLAIN + "import numpy as np, pandas as pd\n"
TRY_EACH = """
HOME = os.getcwd()
for attempt in ATTEMPTS:
    os.chdir(HOME)
    open("own", "w").write("x")
    try:
        exec(attempt)
        print("done:", attempt)
    except BaseException as error:
        print(type(error).__name__)
"""
DIR_FD = """
here = os.open(".", os.O_RDONLY)
UP = "../" * 9 + OUT[1:]
deep = "/usr/lib"
def at(call, *args, name="dir_fd", **more):
    for start in ("/", "/usr", "/usr/lib", HOME):
        os.chdir(start)
        for path in (UP + "/text", OUT[1:] + "/text"):
            try: print(call(path, *args, **{name: here}, **more))
            except (OSError, RuntimeError) as error: pass
        os.chdir(HOME)
root = -1
for start in ("/", HOME):
    try: os.chdir(start); root = os.open(".", os.O_RDONLY | os.O_DIRECTORY); here = root
    except OSError: pass
for flags in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR | os.O_CREAT, os.O_RDONLY | os.O_TRUNC):
    at(lambda p, **k: os.read(os.open(p, flags, **k), 99))
at(os.remove); at(os.chmod, 0); at(os.utime, (1, 1)); at(os.mkdir); at(os.rmdir)
at(os.rename, "mine", name="src_dir_fd"); at(os.symlink, "x", name="dir_fd")
at(lambda p, **k: os.rename("own", p, **k), name="dst_dir_fd")
at(lambda p, **k: os.link("own", p, **k), name="dst_dir_fd")
at(os.chown, os.getuid(), os.getgid())
"""
CTYPES = """
import ctypes
L = ctypes.CDLL(None, use_errno=True)
T, N = (OUT + "/text").encode(), (OUT + "/new").encode()
for flags in (0, 1, 2, 0o1000, 0o1001, 0o102, 0o2001):
    for path in (T, N):
        for f in (L.open(path, flags, 0o666), L.openat(-100, path, flags, 0o666)):
            if f >= 0:
                print("opened", path, flags)
                data = ctypes.create_string_buffer(99)
                L.read(f, data, 99); print(data.value)
                L.write(f, b"x", 1); L.ftruncate(f, 0); L.fchmod(f, 0)
L.creat(N, 0o666); L.unlink(T); L.remove(T); L.unlinkat(-100, T, 0); L.truncate(T, 0)
L.rename(T, b"mine"); L.rename(b"own", T); L.renameat(-100, b"own", -100, N)
L.syscall(316, -100, T, -100, b"own", 2)
L.mkdir(N, 0o777); L.rmdir((OUT + "/empty").encode()); L.mknod(N, 0o100666, 0); L.mkfifo(N, 0o666)
L.link(b"own", N); L.symlink(b"/etc", N); L.chmod(T, 0); L.lchown(T, os.getuid(), os.getgid())
L.chown(T, os.getuid(), os.getgid()); L.utime(T, 0); L.utimes(T, 0); L.utimensat(-100, T, 0, 0)
L.setxattr(T, b"user.x", b"x", 1, 0); L.syscall(452, -100, T, 0, 0)
L.link(T, b"hard"); f = L.open(b"hard", 2); L.write(f, b"x", 1)
o = L.open(OUT.encode(), 0o10000000); L.unlinkat(o, b"text", 0); L.openat(o, b"text", 1)
L.fchdir(o); L.unlink(b"text"); L.system(b"rm " + T); L.execl(b"/bin/rm", b"rm", T, 0)
class How(ctypes.Structure):
    _fields_ = [(n, ctypes.c_uint64) for n in ("flags", "mode", "resolve")]
print("openat2", L.syscall(437, -100, T, ctypes.byref(How(1, 0, 0)), 24))
"""
SUBINTERPRETER = """
ns = {}
exec('''
try:
    import _interpreters as i
    new = i.create("legacy")
except ImportError:
    import _xxsubinterpreters as i
    new = i.create(isolated=False)
''', ns)
ns["i"].run_string(ns["new"], SCRIPT)
"""


def programs(folder):
    """Return sources that try to reach the folder: name of the method -> source."""
    simple = [a for a in WRITES + READS if not re.search(r"\b(np|pd)\.|pyarrow", a)]
    out, home = f"OUT = {str(folder)!r}\n", "import os\nHOME = os.getcwd()\nopen('own', 'w')\n"
    plain = f"{out}ATTEMPTS = {WRITES + READS!r}\n{WITH_NUMPY}{TRY_EACH}"
    # NumPy cannot be loaded a second time
    script = f"{out}ATTEMPTS = {simple!r}\n{PLAIN}{TRY_EACH}"
    return {
        "plain": plain,
        "dir_fd": out + home + DIR_FD,
        "ctypes": f"ns = {{}}\nexec({out + home + CTYPES!r}, ns)",
        "subinterpreter": f"SCRIPT = {script!r}\n{SUBINTERPRETER}",
    }
