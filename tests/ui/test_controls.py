"""Which uploaded bytes a control returns."""

from types import SimpleNamespace

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

from ui import controls

WORD = UploadedFile(UploadedFileRec("1", "a.csv", "text/csv", b"a word"), FileURLs())


@pytest.mark.parametrize(
    ("file", "bytes_"), [(WORD, b"a w"), (None, None), (DeletedFile("never came"), None)]
)
def test_only_an_uploaded_file_is_read_up_to_the_limit(file, bytes_, monkeypatch):
    monkeypatch.setattr(controls, "st", SimpleNamespace(session_state={"own_file": file}))
    assert controls.uploaded_bytes("own_file", 3) == bytes_
