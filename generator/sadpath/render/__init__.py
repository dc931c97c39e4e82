"""From views through templates to text, and from text to formatted text."""
