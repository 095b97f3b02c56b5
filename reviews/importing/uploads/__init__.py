"""Importing through the browser: files are kept for a day, looked at, and imported as far as somebody chooses."""
