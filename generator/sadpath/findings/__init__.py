"""Which findings a user is shown: what notes in a document and a baseline say of them, between the pipeline and the command line."""
