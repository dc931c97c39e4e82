"""Documents as text with positions: YAML and JSON to plain trees, JSON Pointers to lines and columns, `$ref` across files."""
