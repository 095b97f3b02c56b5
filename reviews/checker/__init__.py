"""The review checker: one engine that knows what a good review is, for the editor, publishing, the API and commands."""
