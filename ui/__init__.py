"""What the pages share. Beside pages/, the only Streamlit code."""
