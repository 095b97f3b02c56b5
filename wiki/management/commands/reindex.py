"""Write the search index anew, from what is published."""

from typing import Any

from core.tables import CommandWithTables
from wiki.indexing import reindex
from wiki.neighbours import find_all_neighbours
from wiki.term_counts import count_anew
from wiki.vocabulary import learn_anew


class Command(CommandWithTables):
    """Needed only after a change of what is indexed, or of a service's other names."""

    help = "Write the search index anew from the published versions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many reviews were indexed."""
        count = reindex()
        count_anew()
        find_all_neighbours()
        learn_anew()
        self.stdout.write(f"{count} review{'' if count == 1 else 's'} indexed.")
