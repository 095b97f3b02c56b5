"""Services and teams from where an organisation keeps them: descriptors of Backstage, or a table as CSV."""
