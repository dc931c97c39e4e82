"""From the IR to flat views of Python source: names, annotations, literals and docstrings are decided here."""
