"""In which encodings a learner's file is read, and what is said of one that cannot be read."""

import os
from contextlib import suppress

import pytest

from regcore.__main__ import main
from regcore.exercises import Unreadable, read_source


@pytest.fixture
def answer(tmp_path):
    return tmp_path / "my_answer.py"


UNICODE = [
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
    *("utf-32", "utf-32-le", "utf-32-be"),
]
TEXT = "# λ, ½\nx = 'é'\n"
LATIN = "# -*- coding: latin-1 -*-\nx = 'é'\n"
SECOND_LINE = "# Lösung\n# vim: set fileencoding=cp1252 :\nx = '€'\n"
READ = {
    **{name: (TEXT.encode(name), TEXT) for name in UNICODE},
    "utf-16-be with its mark": (("\ufeff" + TEXT).encode("utf-16-be"), TEXT),
    "two marks": (("\ufeff" + TEXT).encode("utf-16"), TEXT),
    "coding line": (LATIN.encode("latin-1"), LATIN),
    "coding line after another line": (SECOND_LINE.encode("cp1252"), SECOND_LINE),
    "coding line as UTF-16": (LATIN.encode("utf-16"), LATIN),
    "coding in line 3": (b"x = 1\n\n# coding: none\n", "x = 1\n\n# coding: none\n"),
    "coding in line 3, CR": (b"# x\r\r# coding: none\r", "# x\n\n# coding: none\n"),
    "CRLF": (TEXT.replace("\n", "\r\n").encode(), TEXT),
    "CR": (TEXT.replace("\n", "\r").encode(), TEXT),
    "CRLF as UTF-16": (TEXT.replace("\n", "\r\n").encode("utf-16"), TEXT),
    "Ctrl-Z": (TEXT.encode() + b"\x1a", TEXT),
    "Ctrl-Z, NUL": (TEXT.encode() + b"\x1a\r\n\0\0", TEXT + "\n"),
    "NUL as UTF-16": ((TEXT + "\0").encode("utf-16"), TEXT),
    "empty": (b"", ""),
}


@pytest.mark.parametrize(("data", "text"), READ.values(), ids=READ)
def test_a_file_is_read_in_whatever_encoding_it_was_saved(data, text, answer):
    answer.write_bytes(data)
    assert read_source(answer) == text


UNREADABLE = {
    "UTF-16 with half a character": (b"\xff\xfe\x00", "line 1 is not utf-16"),
    "cp1252": (b"x = 1\r\n# L\xf6sung\r\n", "line 2 is not utf-8; save the file as UTF-8"),
    "unknown codec": (b"# coding: klingon\n", "unknown encoding: klingon"),
    "unknown codec in line 2": (b"#!\r# coding: klingon\r", "unknown encoding: klingon"),
    "no end of a name": (b"# coding: " + b"x" * 9999, "unknown encoding: xxx"),
    "not of text": (b"# coding: hex\n", "'hex' is not a text encoding"),
    "no codec at all": (b"# coding: undefined\n", "cannot be read"),
    "coding line that lies": (b"# coding: utf-16\n", "names utf-16, which it is not written in"),
    "EBCDIC that is none": (b"# coding: cp037\n", "names cp037"),
    "huge": (b"#" * (2**20 + 1), "it has more than 1 MiB"),
}


@pytest.mark.parametrize(("data", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_gets_one_sentence(data, words, answer, capsys):
    answer.write_bytes(data)
    assert main(["check", "4", str(answer)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and words in said.err
    assert said.err.startswith(f"{answer} cannot be read: ")
    assert said.err.count("\n") == 1 and said.err.endswith(".\n") and len(said.err) < 400


def test_a_missing_file_and_a_folder_get_one_sentence_on_one_line(tmp_path, capsys):
    for name in (".", "nothing.py", "a\x1b[2K\npassed: Right"):
        assert main(["check", "4", str(tmp_path / name)]) == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.endswith(".\n") and said.err[:-1].isprintable()


def test_an_unreadable_file_is_an_error_of_its_own(answer):
    with suppress(OSError):
        answer.touch(mode=0o000)
    if os.access(answer, os.R_OK):
        answer = answer.parent  # root reads everything but a folder
    with pytest.raises(Unreadable, match=r"cannot be read: \w.*\.$"):
        read_source(answer)
