"""Writing together: one Yjs document a review, its updates in the database, its texts in their rows."""
