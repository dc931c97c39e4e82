"""The error catalog: its model, its parser, its links to the document, and what is derived where there is none."""
