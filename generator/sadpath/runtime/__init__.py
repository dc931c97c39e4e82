"""What generated clients and servers run on: codec, failures, calls, transport and serving, copied beside them verbatim."""
