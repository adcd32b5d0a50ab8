"""What the user sees: `plain` for pipes, `paint` for terminals; the only room with rich, the command line apart."""
