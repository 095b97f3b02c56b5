"""Reviews as files that another installation reads back: what is exported, its two forms, and reading them."""
