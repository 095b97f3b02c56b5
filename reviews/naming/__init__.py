"""People as roles in a published version: whose names stand in a review, and the same review without them."""
