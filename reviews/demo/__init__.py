"""The demo organisation: an invented company, so that every page has something to show on first run."""
