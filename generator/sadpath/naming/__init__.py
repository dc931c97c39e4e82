"""Words, identifiers and scopes: how names of a document become names of Python, a leaf of the import graph."""
