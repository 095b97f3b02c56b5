"""Text with the statistics of prose: a few words stand nearly everywhere, most words almost nowhere (Zipf's law)."""

from collections.abc import Sequence
from random import Random

VOCABULARY = 20_000
FLATTENED_BY = 6  # with it the most common word stands in 95 % of texts of 170 words
TOPIC_WORDS = 12
LOT_BITS = 18

# What write-ups of incidents are full of, the most common first.
_KNOWN = """
service request error database deploy queue latency alert customer connection region cache config rollback traffic
worker timeout replica cluster release retry memory capacity node log monitor dashboard response client server pool
migration index table disk network certificate token key limit version change test pipeline build image container
job batch event message topic consumer producer partition offset schema query lock transaction backup restore failover
leader quorum election health check probe gateway proxy balancer route record zone domain resolver packet switch
router rack power cooling storage volume bucket object archive snapshot tenant account user session login password
permission role policy audit secret rotation expiry renewal feature flag experiment cohort metric trace span sample
threshold page escalation runbook handover rota incident review action owner deadline ticket vendor contract quota
budget invoice payment refund card checkout basket order parcel label address search ranking catalogue price tax
currency ledger balance report export import upload download thumbnail video stream codec player device browser app
firmware sensor battery location map tile photo comment notification email digest subscription webhook callback
"""
_BEGINNINGS = "ba be bo bri ca ce cla co cra da de do dra e fa fe fi flo ga ge gra ha he i ja ka ke la le lo ma me mi"
_MIDDLES = "ba da di fa ga go la le li lo ma mi mo na ne no ra re ri ro sa si ta te ti to va vi vo za"
_ENDS = "bal dan der dor fen gan ken lan len mar mon nar nel nor pan ran ren rin sal san tan tel ten tor val van"


class Writer:
    """Writes sentences; `random` decides every word.

    A word of rank r is drawn with a chance in proportion to 1 / (r + FLATTENED_BY), one in five is one of the topic.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._words = vocabulary(random)
        self._lots = _lots(self._words)

    def topic(self) -> list[str]:
        """Some words that texts about one thing have in common, neither everywhere nor rare."""
        return self._random.sample(self._words[100:3_000], TOPIC_WORDS)

    def line(self, count: int, topic: Sequence[str]) -> str:
        """`count` words as a title has them: a capital letter, no full stop."""
        return " ".join(self._drawn(count, topic)).capitalize()

    def prose(self, count: int, topic: Sequence[str]) -> str:
        """Sentences of `count` words together."""
        words = self._drawn(count, topic)
        sentences = []
        while words:
            length = 8 + self._random.getrandbits(3)
            sentences.append(" ".join(words[:length]).capitalize() + ".")
            words = words[length:]
        return " ".join(sentences)

    def _drawn(self, count: int, topic: Sequence[str]) -> list[str]:
        bits, lots, random = self._random.getrandbits, self._lots, self._random.random
        words = [lots[bits(LOT_BITS)] for _ in range(count)]
        for place in range(bits(2), count, 5):
            words[place] = topic[int(random() * len(topic))]
        return words


def vocabulary(random: Random) -> list[str]:
    """Words in the order of how common they are: known ones, then ones that only sound like words."""
    beginnings, middles, ends = _BEGINNINGS.split(), _MIDDLES.split(), _ENDS.split()
    words = dict.fromkeys(_KNOWN.split())
    while len(words) < VOCABULARY:
        middle = random.choice(middles) if random.random() < 0.7 else ""
        words.setdefault(random.choice(beginnings) + random.choice(middles) + middle + random.choice(ends))
    return list(words)


def _lots(words: Sequence[str]) -> list[str]:
    """Each word as often as its chance says, so that drawing one is a look into a list."""
    weights = [1 / (rank + FLATTENED_BY) for rank in range(1, len(words) + 1)]
    share = 2**LOT_BITS / sum(weights)
    lots: list[str] = []
    reached = 0.0
    for word, weight in zip(words, weights, strict=True):
        reached += weight * share
        lots += [word] * (round(reached) - len(lots))
    return lots
