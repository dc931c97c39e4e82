"""The models of the corner shop."""
