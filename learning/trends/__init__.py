"""Trends: what published reviews say together over quarters or months, with the reviews behind each number."""
