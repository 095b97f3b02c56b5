"""What becomes of action items in numbers, over what the reader may see, each with the items behind it."""
