"""Drafts an error catalog from what a document and tables of codes say, with an open question where they say nothing."""
