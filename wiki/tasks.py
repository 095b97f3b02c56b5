"""What the worker does for the wiki."""

from procrastinate.contrib.django import app

from wiki.term_counts import count_anew
from wiki.vocabulary import learn_anew


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="learn-words")
def learn_words(timestamp: int) -> None:
    """Every night: count anew how many reviews have a word, and know the names of the catalogue as they are now."""
    learn_anew()


@app.periodic(cron="47 3 * * *")
@app.task(queueing_lock="count-terms")
def count_terms(timestamp: int) -> None:
    """Every night: count anew how common each term is, since later versions and restrictions change it."""
    count_anew()
