"""What kind of moment a timeline entry tells of, from its wording. Doubtful ones are notes."""

from __future__ import annotations

import re

from reviews.importing.plain import plain


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b", re.IGNORECASE)


# Tried in this order: the first that holds decides. A negation close before it makes it a note.
_KINDS: list[tuple[str, re.Pattern[str]]] = [
    (
        "resolution",
        _words(
            r"(?:incident|outage|issue|problem|all issues)(?: (?:is|was|has been|are|were|now|considered|declared"
            r"|marked(?: as)?))*"
            r" (?:fully |completely |officially )?(?:resolved|closed|over|ended|fixed)",
            r"(?:mark(?:ed|s)?|declar(?:e|ed|es)|consider(?:ed|s)?)\b.{0,40} (?:as )?resolved",
            r"fully (?:recovered|restored|operational|resolved|functional)",
            r"(?:everything|things|all|services?|site|systems?|operations?|traffic"
            r"|levels)\b.{0,40} (?:back to normal|returned? to normal|normali[sz]ed)",
            r"(?:is|are|was|were) (?:now )?back to normal",
            r"returned? to (?:a )?(?:normal|healthy|functional)",
            r"all[- ]clear",
            r"(?:all|verified) (?:systems? |services? )?(?:verified )?operational",
            r"services? (?:is |are |was |were )?(?:fully )?operational",
            r"(?:full|complete) (?:service )?(?:recovery|restoration)",
            r"end of (?:the )?(?:incident|outage|impact)",
            r"(?:incident|outage|impact) (?:ends|ended|over|resolution|resolved|closed)",
            r"resolved",
        ),
    ),
    (
        "mitigation",
        _words(
            r"mitigat(?:ed|ion|es|ing)",
            r"roll(?:ed|s|ing)?[- ]?back(?:ed)?",
            r"rollback",
            r"revert(?:ed|s|ing)?",
            r"hot-?fix(?: (?:was|is|has been))? (?:deployed|released|applied|rolled out|merged|published|live)",
            r"fix(?:es)?(?: (?:was|is|has been|were|are))? (?:deployed|released|applied|rolled out|shipped|merged"
            r"|live|in place)",
            r"(?:deploy|release|appl|ship|push|merg)(?:ed|y|ied|s|es|ing|ied)? (?:a |the |out |our )*(?:hot-?)?fix",
            r"(?:service|access|traffic|site|functionality|connectivity)\b.{0,30} (?:was |were |is "
            r"|has been )?(?:restored|recovered)",
            r"restor(?:ed|es|ing) (?:the |all |full )?(?:service|access|traffic|connectivity|backup)",
            r"repaired",
            r"(?:disabled|turned off|switched off|blocked|failed over|scaled up|scaled out|cordoned)",
            r"work-?around (?:was |is )?(?:applied|in place|deployed|implemented)",
            r"(?:re)?start(?:ed|ing|s) (?:the )?(?:all )?(?:service|server|pod|cluster|node|database|container"
            r"|instance)s?",
            r"fail-?over (?:completed|to|was|initiated)",
        ),
    ),
    (
        "detection",
        _words(
            r"(?:alert|alarm|monitor|page|check|pagerduty|pingdom|nagios|datadog|sentry|grafana|prometheus"
            r"|opsgenie|uptime check)s?\b.{0,50}"
            r"\b(?:fired?|fires|firing|triggers?|triggered|went off|goes off|raised|received|sent|reports?"
            r"|reported|starts?|started|detects?|detected|came in|come in)",
            r"(?:receive[sd]?|got|gets|sees?|saw|notices?|noticed) (?:an? |the |some |multiple |several "
            r"|first )*(?:\w+ ){0,3}(?:alert|alarm|page)s?",
            r"first detected",
            r"(?:issue|problem|incident|outage|failure|anomaly|it|error)s?\b.{0,20} (?:is |was |were |are "
            r"|has been )?(?:first )?(?:detected|noticed|discovered|observed|spotted)",
            r"(?:first )?notic(?:ed|es|ing)",
            r"(?:first|initial|second|new|multiple|several|incoming|more|user|customer)\b.{0,20} (?:reports?"
            r"|complaints?)",
            r"reports? of\b",
            r"(?:users?|customers?|clients?|developers?|someone|member|engineers?|employee|author|researcher"
            r"|support|team|colleague)s?\b.{0,40} (?:reports?|reported|complain(?:s|ed)?|reporting)",
            r"reports? (?:come in|came in|started|received)",
            r"(?:we|team|engineers?|sre|ops|on-?call)\b.{0,20} (?:became|become|becomes|are|were|was|is) (?:aware"
            r"|alerted|notified|informed)",
            r"(?:alerted|detected|discovered|detects|detection)",
            r"alert (?:for|about)\b",
        ),
    ),
    (
        "escalation",
        _words(
            r"paged?(?: out| in)?(?: the)?(?: \w+){0,3} (?:on-?call|team|engineers?|sre|lead|manager|responders?)",
            r"(?:was|were|got|gets|is|are) paged",
            r"escalat(?:ed|es|ing|ion)",
            r"incident (?:is |was |has been )?(?:declared|opened|created|raised|called|initiated)",
            r"declar(?:ed?|es|ing) (?:an? |the )?(?:\w+ )?incident",
            r"(?:war ?-?room|incident channel|incident call|bridge|incident response)\b.{0,30}(?:opened|started"
            r"|created|set up|spun up|initiated|convened)",
            r"(?:opens?|opened|starts?|started|creates?|created|initiates?|initiated) (?:a |an "
            r"|the )?(?:war ?-?room|incident (?:channel|call|bridge|response))",
            r"war ?room started",
            r"support (?:ticket|case)\b.{0,30}(?:opened|raised|created|filed)",
            r"(?:opened|raised|created|filed) (?:a |an )?(?:\w+ )?(?:support )?(?:ticket|case)\b.{0,20}(?:with|to|at)",
            r"(?:contacted|pulled in|brought in|called in|loops? in|looped in)",
        ),
    ),
    (
        "response",
        _words(
            r"(?:start(?:ed|s)?|began|begins?|commenced) (?:to )?(?:investigat\w+|troubleshoot\w*|debug\w*"
            r"|look(?:ing)? into)",
            r"investigation (?:has |was |is )?(?:started|starts|begins|began|underway|commenced)",
            r"(?:begin|begins|began|start|starts|started)(?: an?| the)? investigation",
            r"investigations? started",
            r"acknowledg(?:ed|es|ement)",
            r"(?:respond(?:ed|s|ing)|responders?)",
            r"(?:joined|joins) (?:the )?(?:call|incident|channel|bridge)",
            r"investigating",
            r"looking into",
        ),
    ),
    (
        "signal",
        _words(
            r"(?:incident|outage|impact|issue|problem|errors?|failures?|degradation|latency) (?:starts?|started"
            r"|begins?|began|occurs?|occurred|increases?|increased|spikes?|spiked)",
            r"fault occurs?",
            r"start of (?:the )?(?:incident|outage|impact)",
            r"first (?:errors?|failures?|signs?|symptoms?|occurrence|failed)",
            r"(?:goes|went|going|is|are|was|were) (?:hard )?(?:down|offline|unavailable|unreachable|unresponsive)",
            r"(?:start|starts|started|begin|begins|began) (?:to )?(?:fail(?:ing)?|return(?:ing)? (?:5\d\d|4\d\d"
            r"|errors)|crash(?:ing)?|timing out|time out|throw(?:ing)?)",
            r"(?:crash(?:ed|es)?|expire[sd]?|out of memory|oom)",
            r"stopped (?:working|responding|creating|accepting|launching|successfully)",
            r"(?:spike|spikes|increase|rise|elevated|drop) (?:in|of|levels?|rates?)\b",
            r"error rates?\b.{0,20}(?:increase|rise|climb|spike|elevated)",
        ),
    ),
    (
        "communication",
        _words(
            r"status ?page",
            r"(?:customers?|users?|stakeholders?|clients?|public)\b.{0,20} (?:were |was |are "
            r"|have been )?(?:notified|informed|updated|emailed|contacted)",
            r"(?:notified|informed|emailed|announced|tweeted|communicated)\b",
            r"(?:announcement|communication|comms|update|notice|statement|blog post|tweet)\b.{0,20} (?:was |were "
            r"|is |are |went |has been )*(?:sent|posted|published|made|issued|shared|out|given)",
            r"(?:posts?|posted|sends?|sent|publish(?:ed|es)?|shares?|shared) (?:an? |the "
            r"|out )*(?:\w+ ){0,2}(?:announcement|communication|comms|update|notice|statement|message|report)",
        ),
    ),
    (
        "change",
        _words(
            r"(?:deploy(?:ed|ment|s|ing)?|released?|releases|merged|rolled out|rollout|upgrad(?:e|ed|es|ing)"
            r"|migrat(?:ed|ion|es|ing)|applied|promoted|published)",
            r"(?:config(?:uration)?|setting|flag|firewall|dns|schema)\b.{0,20} (?:change|changed|updated|modified)",
            r"(?:changed|enabled|updated|installed|increased|decreased|renamed|removed|deleted|terminated|provisioned)",
            r"(?:pull request|pr|commit)\b.{0,30} (?:merged|landed|deployed|opened|applied)",
            r"maintenance (?:started|begins|began|window)",
        ),
    ),
]
_NOT_YET = re.compile(
    r"\b(?:not|never|no|n't|without|still|will|would|could|can|may|might|should|to be|try|tries|trying|tried"
    r"|attempt\w*|plans?"
    r"|planned|decid\w+|consider\w*|propos\w+|suggest\w*|agree\w*|whether|if|until|before|prepar\w+|intend\w*"
    r"|want\w*|need\w*)\W+"
    r"(?:\w+\W+){0,3}$|n't\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_READ = 300


def kind_of(text: str) -> str:
    """One of contract.md's event kinds for an entry's Markdown text; "note" unless the wording is clear."""
    said = plain(text.strip()[: 2 * _READ].split("\n\n")[0])[:_READ]
    for kind, pattern in _KINDS:
        match = pattern.search(said)
        if match is not None and not (
            kind in ("resolution", "mitigation") and _NOT_YET.search(said[max(0, match.start() - 60) : match.start()])
        ):
            return kind
    return "note"
