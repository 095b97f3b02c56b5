"""What the worker does for the wiki."""

from smtplib import SMTPException

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from wiki.search_mails import mail_matches, people_to_tell
from wiki.term_counts import count_anew
from wiki.vocabulary import learn_anew

_RETRY = RetryStrategy(max_attempts=6, exponential_wait=4, retry_exceptions=[OSError, SMTPException])


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


@app.periodic(cron="7 6 * * *")
@app.task(queueing_lock="tell-of-matches")
def tell_of_matches(timestamp: int) -> None:
    """Every morning: a mail to each who wants one about what their saved searches newly find."""
    for person in people_to_tell():
        mail_saved_searches.defer(person=person)


@app.task(retry=_RETRY)
def mail_saved_searches(person: int) -> None:
    """The mail to one person; tried again for some hours while the mail server does not take it."""
    mail_matches(person)
