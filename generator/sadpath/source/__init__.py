"""Documents with positions: text to plain trees, JSON Pointers to lines and columns, `$ref` across files."""
