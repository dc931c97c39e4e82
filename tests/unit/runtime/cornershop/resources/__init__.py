"""The operations of the corner shop by tag."""
