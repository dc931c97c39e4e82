"""From the IR to flat views of the Markdown reference."""
