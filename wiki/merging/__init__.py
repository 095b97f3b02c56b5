"""Merging a cause category or a service into another one: drafts, search and facets follow, and addresses lead on."""
