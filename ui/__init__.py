"""What the pages share. Beside pages/, the only Streamlit code."""

from streamlit import runtime

from workers import warm

if runtime.exists():
    # A page waits for the processes that train, and for pandas and Altair: side by side, they take
    # half as long.
    warm("regcore")
