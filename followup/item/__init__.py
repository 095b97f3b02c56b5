"""The page of one action item: what it says, and the forms that change it."""
