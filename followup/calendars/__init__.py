"""Due dates of action items as calendars that programs subscribe to (RFC 5545)."""
