"""From the document and the catalog to the IR, one named pass a file."""
