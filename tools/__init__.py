"""What those who work on the repository run; nothing here is installed."""
