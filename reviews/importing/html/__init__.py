"""Write-ups in HTML, as Markdown: what Google Docs and Confluence export, and pages as any tool saves them."""
