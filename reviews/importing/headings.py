"""Which part of a review a heading announces, by the words the field's templates use."""

from __future__ import annotations

import re

from reviews.importing.plain import bare

# Roles that become parts of a review; every other heading stays, in place, in the narrative.
_ALIASES: dict[str, str] = {
    "summary": "summary|executive summary|issue summary|incident summary|summary of incident|summary of the incident"
    "|management summary|short summary|tl;dr|tldr|tl dr|overview|incident overview|abstract|synopsis|high level summary"
    "|high-level summary|brief summary|summary of events|summary of the issue|in short|problem summary",
    "summary?": "what happened|description|incident description|issue description|problem description|problem statement"
    "|introduction|incident|problem|issue|the incident|the issue|the problem|problem|what went down|quick summary",
    "impact": "impact|customer impact|user impact|incident impact|impact analysis|business impact|impact assessment"
    "|impact on users|impact to users|user-facing impact|who was affected|who was impacted|what was the impact"
    "|what was affected|impact on customers|customers affected|effects|effect|consequences|impact summary"
    "|affected users|extent of impact|service impact",
    "timeline": "timeline|log|incident timeline|timeline of events|timeline of the incident|event timeline|chronology"
    "|detailed timeline|full timeline|chronological timeline|sequence of events|events timeline|log of events"
    "|timeline of incident|chronology of events|timeline summary|outage timeline|incident log|time line|event log"
    "|response timeline|timeline and response|follow-up timeline|follow up timeline",
    "milestones": "key events|key times|key timestamps|milestones|key milestones|important times|times",
    "factors": "contributing factors|contributing factor|contributing conditions|contributors|contributors and enablers"
    "|contributing causes|factors|contributing factors and root causes|causes and contributing factors"
    "|root causes and contributing factors|root cause and contributing factors|contributing factor(s)|enablers",
    "root_cause": "root cause|root causes|root cause of the outage|root cause of the issue|root cause of the incident"
    "|root cause of the problem|root cause analysis|causes|cause|underlying cause|underlying causes|rca|root-cause"
    "|root cause(s)|primary cause|cause of the incident|cause of the outage|cause analysis|why did it happen"
    "|why did this happen|why it happened|technical root cause|what was the root cause|what caused the incident"
    "|what caused this|what caused it|what caused the outage",
    "whys": "five whys|5 whys|the five whys|the 5 whys|five whys analysis|5 whys analysis|root cause five whys"
    "|root cause identification: the five whys|root cause analysis: five whys|5 why|five why|5-whys|five-whys|5 why's"
    "|root cause analysis (five whys)|whys",
    "went_well": "what went well|what went right|things that went well|went well|what worked well|what worked"
    "|what went good|the good|good|what we did well|what did go well|what did we do well|positives|what's gone well"
    "|what helped|successes|things we did well|mitigators",
    "went_badly": "what went wrong|what didn't go well|what did not go well|what went badly|what went poorly|the bad"
    "|what didn't go so well|what did not go so well|things that went poorly|things that went badly|went wrong|bad"
    "|what could have gone better|what could be improved|what could be better|what didn't work|what went less well"
    "|things that didn't go well|what could have been better|what needs improvement|what didn't work well"
    "|areas for improvement|what could we have done better|what could we do better|things that went wrong|negatives"
    "|what didn't go as well|went poorly|what went not so well|to be improved|what made it worse",
    "lucky": "where we got lucky|where we were lucky|how we got lucky|luck|lucky|what went luckily"
    "|where did we get lucky|we got lucky|things that were lucky|got lucky|places we got lucky",
    "lessons": "how'd we do|how did we do|lessons learned|lessons learnt|lessons|learnings|key takeaways|takeaways"
    "|key learnings|key lessons"
    "|what did we learn|what we learned|what we learnt|what have we learned|lessons learned and takeaways"
    "|what did we learn from this|reflections|lessons from the incident",
    "actions": "action items|action item|actions|action points|action plan|remediation items"
    "|actions taken following review|follow-up actions|follow up actions|followup actions|follow-ups|follow ups"
    "|followups|follow-up items"
    "|follow up items|follow-up|follow up|corrective actions|corrective action|preventive actions|preventative actions"
    "|preventive action|corrective and preventive actions|corrective and preventative actions"
    "|corrective and preventative measures|corrective and preventative measure|corrective and preventive measures"
    "|corrective measures|preventative measures|preventive measures|prevention|preventing recurrence|next steps"
    "|review actions|actions following review|actions following the review|future actions|planned actions|to do|todo"
    "|to-do|todos|tasks|improvements|follow-up improvements|follow up improvements|future improvements"
    "|planned improvements|action items and follow-ups|remediations|remediation actions|remediation and follow-up"
    "|short-term improvements|medium-term improvements|long-term improvements|improvement actions|post-incident actions"
    "|process improvements|technical improvements|documentation improvements|how to prevent this in the future"
    "|how are we preventing it from happening again|how do we prevent this from happening again|follow-up tasks"
    "|how will we prevent this from happening again|what are we doing to prevent this|preventing this in the future"
    "|how we will prevent this in the future|remedial actions|recommendations|mitigation actions|post incident actions"
    "|what are we doing about it|outstanding actions|open actions|never again|immediate actions|future work"
    "|action list",
    "actions?": "remediation|moving forward|going forward|what's next|what is next|next|measures|future plans"
    "|what we are doing|what we're doing|what will we do differently|what we will do differently|steps forward"
    "|future steps|planned work|the path forward|path forward|looking forward|future|mitigation plan|plan",
    "facts": "stats|statistics|metadata|incident details|details|meta|incident metadata|incident data|metrics",
}
_EXACT = {alias: role for role, aliases in _ALIASES.items() for alias in aliases.split("|")}

_PATTERNS: list[tuple[re.Pattern[str], str]] = [
    (
        re.compile(r"^(?:(?:incident|event|detailed|full|outage|complete|high[- ]level) )?(?:timeline|chronology)\b"),
        "timeline",
    ),
    (re.compile(r"\b(?:5|five)[ -]whys?\b"), "whys"),
    (re.compile(r"^what (?:went|worked|has gone) (?:really |particularly )?(?:well|right)\b"), "went_well"),
    (
        re.compile(
            r"^what (?:went|could have gone|didn't|did not|could(?: be| have been)?|can be)\b.*\b(?:wrong|poorly"
            r"|badly|better|improved?|well)$"
        ),
        "went_badly",
    ),
    (re.compile(r"^where (?:did )?we (?:got|get|were) (?:un)?lucky\b"), "lucky"),
    (re.compile(r"^(?:key )?(?:lessons?|learnings?) (?:learn(?:ed|t)\b|and\b|from\b|we\b|for\b)"), "lessons"),
    (re.compile(r"^(?:contributing|causal|contributory) (?:factors?|causes?)\b"), "factors"),
    (re.compile(r"^root[ -]causes?\b(?!.*\btimeline)"), "root_cause"),
    (
        re.compile(
            r"^(?:short|medium|mid|long|near)[ -]term (?:actions?|improvements?|follow|fix|solution|plan"
            r"|remediation|changes)\w*"
        ),
        "actions",
    ),
    (
        re.compile(
            r"^(?:planned|outstanding|immediate|preventive|preventative|corrective|remedial|proposed|suggested"
            r"|recommended|completed|remaining|post[- ]?(?:mortem|incident)) (?:actions?|measures?|improvements?"
            r"|steps)\b"
        ),
        "actions",
    ),
    (re.compile(r"^(?:action|follow[- ]?up) (?:items?|points?|actions?|tasks?|work)\b"), "actions"),
    (
        re.compile(
            r"^(?:making sure|ensuring|how (?:do|will|can|could|are) we (?:make|making|ensure|ensuring|avoid|stop))\b"
        ),
        "actions",
    ),
    (re.compile(r"^actions? (?:following|from|after|arising|to)\b"), "actions"),
    (
        re.compile(
            r"^how (?:can|do|will|are|could|to|did|we)\b.*\bprevent\w*\b.*\b(?:again|future|recurr\w*|happening)"
        ),
        "actions",
    ),
    (re.compile(r"^(?:executive|incident|issue|outage|event) summary\b"), "summary"),
    (re.compile(r"^(?:customer|user|business|service) impact\b"), "impact"),
    (re.compile(r"^impact (?:on|to|of|and|&|for)\b|^impact &|^what (?:was|is|were) the (?:\w+ )?impacts?\b"), "impact"),
    (
        re.compile(
            r"^what (?:we|we're|we'll|we've|are we|will we) ?(?:will|are|'re|'ll|plan|have|going)?(?: to| be)?"
            r" (?:do|doing|change|changing|changed|improve|improving|fix|fixing)\b(?! (?:well|wrong|right))"
        ),
        "actions",
    ),
    (re.compile(r"^what (?:are|were|was|is) (?:the |our )?contributing (?:factors?|causes?|conditions?)\b"), "factors"),
    (re.compile(r"^what (?:was|were|is|are) the (?:\w+ )?root causes?\b"), "root_cause"),
    (
        re.compile(
            r"^what (?:corrective |preventive |preventative |remedial |follow[- ]?up )(?:actions?|steps|measures)\b"
            r"|^what (?:actions?|steps|measures) (?:are|will|do|did|have) (?:we|you|they)\b"
        ),
        "actions",
    ),
    (re.compile(r"^what (?:lessons? (?:did|have|were|was)|did we learn|have we learn\w+)\b"), "lessons"),
]


def role_of(heading: str) -> str | None:
    """The role a heading's words announce, or None. A role that ends in "?" holds only where no clearer one exists."""
    words = bare(heading)
    if not words or len(words) > 90:
        return None
    if (role := _EXACT.get(words)) is not None:
        return role
    if " / " in words and (found := [role for part in words.split(" / ") if (role := _EXACT.get(part.strip()))]):
        return found[0]
    first = words.split(":")[0].strip()
    if first != words and (role := _EXACT.get(first)) in ("timeline", "whys", "actions", "root_cause"):
        return role
    return next((role for pattern, role in _PATTERNS if pattern.search(words)), None)


def exact_role(label: str) -> str | None:
    """Like role_of, but only for a template's own wording: for labels that are not marked as headings."""
    return _EXACT.get(bare(label))


def is_plain_alias(heading: str) -> bool:
    """Whether the heading says nothing beyond its role, so that the role can stand for it."""
    return _EXACT.get(bare(heading)) is not None and "(" not in heading and "[" not in heading
