"""How people tell causes: for each category of the catalog, turns of phrase that name it and words that hint at it."""

from __future__ import annotations

import re

from reviews.importing.named_things import PROVIDERS

_PROVIDERS = PROVIDERS.lower()

# A phrase says by itself what kind of cause it was; a hint only does so in the company of others.
PHRASES: dict[str, tuple[str, ...]] = {
    "certificate-expiry": (
        r"(?:certificate|cert|tls|ssl|domain|licen[cs]e|token|api key|credential|key)s?\b[^.]{0,40}\b(?:had |has "
        r"|have "
        r"|was |were )?(?:expir(?:ed|y|ing|ation)|not (?:been )?renewed|out-?dated|lapsed)",
        r"(?:expired?|out-?dated) (?:\w+ ){0,3}(?:certificates?|certs?|tokens?|licen[cs]es?|domains?|keys?"
        r"|credentials?"
        r"|ssl|tls)",
        r"renew(?:al|ing)? (?:of )?(?:\w+ ){0,3}(?:certificates?|certs?|domains?|licen[cs]es?)",
    ),
    "configuration-change": (
        r"mis-?config\w+|misconfiguration",
        r"(?:bad|wrong|incorrect\w*|faulty|erroneous|invalid|missing|broken|stale|outdated|unintended)"
        r" (?:\w+ ){0,2}(?:config\w*|settings?|flags?|polic(?:y|ies)|rules?|values?|parameters?|manifests?|routes?)",
        r"config(?:uration)?s? (?:changes?|errors?|push|updates?|mistakes?|drift|was changed|were changed|had changed"
        r"|issues?|problems?|contained|did not|didn't)",
        r"(?:chang(?:e|ed|es|ing)|updat(?:e|ed|es|ing)|modif(?:y|ied|ication)|edit(?:ed)?) (?:to|in|of"
        r"|made to)? ?(?:the "
        r"|our |a |its |some )?(?:[\w/-]+ ){0,3}(?:config\w*|settings?|flags?|polic(?:y|ies)|labels?|parameters?"
        r"|limits?|thresholds?|rules?|permissions?|variables?)",
        r"(?:feature )?(?:flag|setting|option|toggle)s? (?:was|were|had been|got|is) (?:\w+ )?(?:set|enabled|disabled"
        r"|turned|changed|flipped|switched|removed|missing|added|not)",
        r"(?:terraform|helm|ansible|puppet|chef|cloudformation|kustomize) (?:change|changes|run|plan|code|state"
        r"|values?"
        r"|chart|module|config\w*|definitions?)",
        r"(?:was|were|had been|being|been) (?:incorrectly |wrongly |badly |not |never )(?:configured|set)"
        r"|set too (?:low|high|small|large|short|long)",
        r"configured (?:incorrectly|wrongly)|(?:correct|right|proper) config\w*",
        r"(?:firewall|routing|iam|access|network|security group|admission) (?:rules?|polic(?:y|ies)|roles?"
        r"|permissions?)"
        r" (?:was|were|change|changes|had|did|not|that)",
        r"(?:label|annotation|permission|record|rule|entry|route|role|setting|policy)s? (?:got|was|were|had been|is"
        r"|are|being) (?:\w+ )?(?:removed|deleted|missing|changed|overwritten|destroyed|amended|dropped|detached)",
        r"(?:destroyed|deleted|removed|overwrote|reverted|applied) (?:[\w-]+ ){0,4}(?:configurations?|associations?"
        r"|rules?"
        r"|records?|settings?|labels?|permissions?|terraform)",
    ),
    "code-change": (
        r"(?:software |code |logic |latent |dormant |underlying )?bugs? (?:that|which|was|were|where|when|in"
        r"|introduced"
        r"|caused|meant|had|has)",
        r"(?:caused|triggered|affected|explained|hit|due|led|down) (?:\w+ ){0,2}(?:by|to|because of) (?:an? |the "
        r"|this )?"
        r"(?:[\w-]+ ){0,3}(?:bug|defect|regression|logic error|coding error)",
        r"regressions?|race (?:condition|hazard)s?|memory leaks?|null[- ]pointer\w*|dead code|segfault\w*"
        r"|segmentation fault|use-after-free",
        r"(?:code|software|programming|coding|logic) (?:defect|error|change|mistake|fault|flaw|issue)s?",
        r"(?:bad|buggy|faulty|broken|defective|flawed) (?:\w+ )?(?:deploy(?:ment)?|release|version|commit|code|patch"
        r"|build|update|logic)",
        r"(?:contained|introduced|introduces|had|has|exposed|found|discovered|fixed|is|was) (?:an? |the )?"
        r"(?:[\w-]+ ){0,2}(?:bug|defect|regression|flaw)",
        r"infinite (?:loop|recursion)|off-by-one|(?:integer|buffer|stack) overflow\w*|overflow (?:occurred|error|in)"
        r"|unhandled (?:exception|error|case)s?|edge case|exponential\w*|backtracking",
        r"(?:code|function|method|constructor|class|validator|parser|validation|logic|handler|script|check|client|node"
        r"|implementation|algorithm)s? (?:did not|didn't|does not|doesn't|was not|wasn't|were not|failed to|fails to"
        r"|would not|only|incorrectly|assumed)",
        r"(?:not|without|missing|no|lack of|insufficient|incorrect(?:ly)?) (?:\w+ )?(?:check(?:ing|ed|s)?|validat\w+"
        r"|sanitiz\w+|input validation|error handling|bounds checks?)",
        r"(?:pull request|commit|refactor\w*|new code|code path|new release|new version|patch release|hotfix)\b"
        r"[^.]{0,60}(?:introduc\w+|caus\w+|br(?:oke|eak\w*)|was deployed|was merged|fix(?:es|ed)?)",
        r"(?:deploy(?:ed|ing|ment)?|releas(?:ed|e|ing)|roll(?:ed|ing)? ?out|shipped|merged) (?:of )?(?:an? |the "
        r"|our )?"
        r"(?:[\w-]+ ){0,3}(?:code|bug|change to the code|code change|refactor\w*)",
        r"incompatib\w+ (?:change|with (?:the|our) (?:code|new))|backwards?[- ]incompatib\w+",
    ),
    "capacity": (
        r"out of (?:memory|cpu|capacity|resources|ips?|ip addresses|connections|workers|threads|file descriptors)",
        r"oom(?:-?\s?kill\w*)?|resource (?:exhaustion|limitations?|constraints?|contention|starvation)",
        r"(?:exhaust(?:ed|ion|ing|s)?|depleted) (?:\w+ ){0,4}(?:memory|cpu|connections?|resources|capacity|pool"
        r"|threads?"
        r"|ips?|address\w*|sockets?|workers?|quota|credits?|iops|budget)",
        r"(?:memory|cpu|connections?|pool|capacity|quota|threads?|resources?|ip address(?:es)?|workers?|iops|credits?"
        r"|budget)\b[^.]{0,25} (?:was |were |being |is |are )?(?:exhaust(?:ed|ion)|depleted|saturat\w+|maxed)",
        r"(?:insufficient|limited|lack of|not enough|more|too little|max(?:imum)?|additional|reached|enough|full"
        r"|over|excess|without) (?:\w+ )?(?:capacity|memory|resources|cpu|headroom)",
        r"over-?load(?:ed|ing|s)?|under-?provisioned|over-?subscribed|over-?whelm\w+|thundering herd|throttl\w+"
        r"|load[- ]shedding|noisy neighbou?rs?|stampede",
        r"(?:traffic|load|cpu|memory|usage|request|requests|demand|connection|connections) (?:spikes?|surges?|hikes?"
        r"|bursts?|growth|increases?|peak)",
        r"(?:spikes?|surges?|increase[sd]?|bursts?|flood|influx|sudden\w*|rise|jump) (?:in|of) (?:the |our "
        r"|incoming |user "
        r"|new )?(?:\w+ ){0,2}(?:traffic|requests?|load|users|usage|demand|connections|cpu|memory|jobs|pods"
        r"|queries)",
        r"(?:high|heavy|heavier|increased|excessive|huge|large|extreme|unprecedented|elevated|intense|significant\w*"
        r"|unexpected\w*) (?:amounts? of |numbers? of |volumes? of |increase in |rise in )?(?:\w+ ){0,2}(?:traffic"
        r"|load|loads"
        r"|usage|use|demand|cpu|memory|requests|connections|utili[sz]ation|consumption)",
        r"too many (?:\w+ )?(?:requests|connections|users|pods|queries|clients|jobs|processes|files|nodes)",
        r"(?:quota|rate limit|limit|capacity|maximum)s? (?:was |were |is |had been |has been |have been )?(?:exceeded"
        r"|reached|hit|kicked in)",
        r"(?:exceed\w*|reach\w*|hit(?:ting|s)?|ran into|run into|bump\w* into|due to) (?:the |its |our |their |a "
        r"|an )?"
        r"(?:[\w-]+ ){0,3}(?:quota|rate[- ]limit\w*|limits?|capacity|maximum)",
        r"(?:memory|cpu|pod|connection|node|file descriptor|process|api|request)s? (?:limit|quota|pressure"
        r"|saturation|starvation|exhaustion|usage|consumption|utili[sz]ation|shortage)s?",
        r"(?:over|beyond|above|past) (?:the |its |our |their |a |an )?(?:[\w-]+ ){0,3}(?:limit|quota|capacity)s?"
        r"|us(?:ed|ing) up"
        r"|(?:consum|occup|us|tak)(?:ed|ing|ied|ying|ing up|es) all (?:of )?(?:the |its |our )?(?:available "
        r"|free )?\w+",
        r"(?:100|9\d) ?% (?:of )?(?:the )?(?:cpu|memory|utili[sz]ation|capacity)|evict(?:ed|ions?|ing)",
        r"(?:scal(?:e|ed|ing) (?:up|out)|(?:did|could) not scale|auto-?scal\w+ (?:did|could|was|failed))"
        r"|saturat(?:ed|ion)",
    ),
    "dependency": (
        r"(?:upstream|third[- ]party|vendor|provider|supplier|external)(?:'s|’s)?\b[^.]{0,40}\b(?:outages?|fail\w+"
        r"|incidents?|issues?|problems?|bugs?|chang\w+|down|unavailab\w+|errors?)",
        r"(?:outages?|failures?|incidents?|issues?|problems?|bugs?) (?:at|with|in|of|from|on|by) (?:our |the |an? )?"
        r"(?:\w+ )?(?:upstream|third[- ]party|vendor|provider|supplier|dependenc(?:y|ies)|library)",
        r"breaking changes? (?:in|to|from|by)|deprecat\w+ (?:by|in|from)|(?:library|package|dependency|base image"
        r"|module|driver|sdk) (?:upgrade|update|version|release|change|bug|was (?:upgraded|updated|removed))",
        r"packages?\b[^.]{0,40}(?:no longer available|removed|unpublished|yanked)|(?:removed|pulled|yanked"
        r"|unpublished)"
        r" (?:\w+ ){0,4}(?:packages?|images?|librar(?:y|ies))",
        r"(?:unpinned|not pinned|no version lock|version (?:lock|pin\w*|bump|mismatch))"
        r"|(?:new|newer|latest|recent) (?:version|release) of (?!our\b|the (?:app|site|service|platform)\b)",
        r"(?:upgrad(?:e|ed|ing)|updat(?:e|ed|ing)|bump(?:ed|ing)?) (?:of )?(?:the "
        r"|our )?[\w.-]+ (?:from (?:version )?v?\d"
        r"|to (?:version |\w+ )?v?\d)|(?:after|following|since|by|due to) (?:an? |the |this )?(?:\w+ ){0,2}upgrade"
        r"|upgrad(?:e|ed|ing) (?:from|to) (?:\w+ ){0,3}v?\d",
        rf"(?!(?:github|gitlab|bitbucket) issues?\b)(?:{_PROVIDERS})(?:'s|’s)? (?:\w+ ){{0,3}}?(?:outages?"
        rf"|incidents?|issues?|problems?|failures?|failed|bugs?|had|did not"
        r"|didn't|does not|experienced|suffered|changed|introduced|restarted|rolled out|was down|were down"
        r"|was unavailable"
        r"|confirmed|acknowledged|reported|engineers|maintenance)",
        rf"(?:outages?|incidents?|issues?|problems?|failures?|errors?|bugs?|maintenance|breach|ticket|case|request"
        rf"|raised|opened)"
        rf" (?:\w+ ){{0,2}}?(?:at|with|in|of|on|by|from) (?:the |our )?(?:{_PROVIDERS})",
        r"(?:escalated|confirmed|acknowledged|reported|fixed|resolved|raised|opened) (?:\w+ ){0,3}(?:by|with|to|at)"
        r" (?:the |our )?(?:vendor|provider|supplier)",
    ),
    "network-hardware": (
        r"(?:network|switch|router|routing|fibre|fiber|cable|link|dns|power|hardware|nic|ups|generator"
        r"|power supply|cooling|air conditioning|rack|firmware)"
        r" (?:hardware )?(?:failures?|failed|faults?|outages?|loss|cut|issues?|problems?|errors?|degradation|died"
        r"|crashed|partitions?|congestion|glitch\w*|misbehav\w+)",
        r"(?:disk|drive|controller|raid|psu|memory module|motherboard|switch|router"
        r"|cable)s?\b(?: \w+){0,4} (?:failed|died"
        r"|broke)\b",
        r"hardware (?:failure|fault|defect|issue|problem|maintenance)s?|lost power|power (?:outage|loss|failure|cut)",
        r"(?:packet|packets) (?:loss|lost|dropped|drops?)|network (?:connectivity|latency|blip|device)|connectivity "
        r"(?:loss|between|to)|lost connectivity|network partition\w*",
        r"(?:faulty|failed|failing|bad|defective|broken|degraded|partial|misbehaving) (?:\w+ ){0,2}(?:hardware"
        r"|disks?|nic"
        r"|switch(?:es)?|router|cable|host|drive|memory module|power supply|optic\w*)",
        r"bgp|(?:name|dns|hostname) (?:resolution|lookups?|queries|servers?)",
        r"data ?cent(?:er|re)s?\b[^.]{0,40}\b(?:power|fire|flood|cooling|lost|outage)|lightning|fibre cut|fiber cut",
    ),
    "data-storage": (
        r"(?:schema|database|data|db|table) (?:schema )?(?:migrations?|upgrade)|slow(?:er)? (?:\w+ )?quer(?:y|ies)"
        r"|missing (?:an? )?index(?:es)?|replication (?:lag|failure|slot|delay)|query plan\w*|full table scan",
        r"(?:data|index|table|database|file ?system|records?) (?:was |were |got |became |is )?corrupt\w*"
        r"|corrupt(?:ed|ion)? (?:\w+ ){0,3}(?:data|index\w*|table|database|file ?system|records?|volumes?)|data loss",
        r"(?:disk|volume|partition|filesystem|storage|drive|inode)s? (?:\w+ )?(?:was |were |is |are |became |got "
        r"|had )?"
        r"(?:\w+ )?(?:full|filled|ran out|exhausted|filling)|(?:disk|storage) (?:space|usage)|no space left"
        r"|full (?:disk|volume|partition)s?"
        r"|(?:ran|running|run) out of (?:disk|storage|inodes)(?: space)?|out of disk(?: space)?",
        r"(?:database|table|row|query|transaction|index)s? (?:dead-?)?locks?(?:ed|ing)?\b|lock contention|dead-?locks?"
        r"|(?:auto)?vacuum\w*|wrap-?around|long[- ]running (?:quer(?:y|ies)|transactions?)",
        r"(?:database|db|primary|replica|postgres\w*|mysql|master|data ?store|redis|index)\b[^.]{0,30} (?:was |became "
        r"|were |being )?(?:unresponsive|slow|locked|overloaded|failed over|read-only|stale|inconsistent)",
    ),
    "security": (
        r"attackers?|attack(?:s|ed)? (?:on|by|against|that|was|vector)|(?:the|an|this|supply[- ]chain|phishing"
        r"|spam) attack"
        r"|malicious\w*|malware|ransomware|phish\w+|ddos|denial[- ]of[- ]service|hijack\w+|intru(?:der|sion)\w*",
        r"compromis\w+ (?:\w+ ){0,3}(?:account|credential|key|token|package|password|laptop|system|machine|employee)s?"
        r"|(?:account|credential|key|token|package|password|laptop|system|machine)s? (?:was|were|had been|been|is|got)"
        r" (?:\w+ )?(?:compromised|stolen|leaked|exposed|breached|taken over)",
        r"(?:leaked|exposed|stolen|leak of|exposure of) (?:\w+ ){0,2}(?:secret|credential|key|token|password|data)s?"
        r"|(?:security )?vulnerabilit(?:y|ies)|exploit(?:ed|able|ing|s)?|unauthori[sz]ed (?:\w+ )?(?:access|part\w+"
        r"|user|transaction|use)\w*|fraud\w*|cve-\d+\w*",
    ),
    "observability": (
        r"(?:no|missing|lack of|insufficient|without|inadequate) (?:\w+ ){0,2}(?:alert(?:s|ing)?|monitor(?:s|ing)?"
        r"|alarms?|metrics|visibility|observability|dashboards?)",
        r"(?:alert|alarm|monitor)s? (?:did not|didn't|failed to|never) (?:fire|trigger|go off|page|notify)"
        r"|not (?:being )?(?:monitored|alerted)|went unnoticed",
    ),
    "environment-parity": (
        r"(?:staging|test(?:ing)?|dev(?:elopment)?|sandbox|pre-?production|qa|non-?prod\w*)(?: environments?"
        r"| cluster\w*)?"
        r"\b(?: \w+){0,3} (?:differ(?:s|ed|ent)|(?:does|did|do) not (?:match|have|reflect|use|validate)|lacks|lacked"
        r"|is smaller|was smaller)",
        r"(?:could|did) not (?:be )?(?:reproduced?|show|appear|caught|found) (?:up )?(?:in|on) (?:staging|test|dev)\w*"
        r"|only (?:in|on) prod(?:uction)?\b|different(?:ly)? (?:\w+ ){0,3}(?:between|in) (?:\w+ )?(?:staging|test"
        r"|dev)",
    ),
    "process-tooling": (
        r"accident(?:al)?(?:ly)?|unintention(?:al)?(?:ly)?|inadverten(?:t|tly)|mistaken(?:ly)?|by mistake|by accident"
        r"|in error\b|human error|operator error|mistyped|typo(?:s)?|mis-?click\w*|fat[- ]finger\w*",
        r"wrong (?:command|cluster|environment|account|directory|context|server|database|workspace|button|branch|order"
        r"|window|terminal|region|project|namespace)",
        r"manual (?:error|mistake|steps?|process|changes?)|manually (?:delet\w+|remov\w+|ran|run|edited)",
        r"(?:run-?book|playbook|procedure|check-?list|process)s?\b[^.]{0,30} (?:missing|missed|lack\w*|did not|didn't"
        r"|incomplete|unclear|was not|wasn't|not followed|step)",
        r"(?:not|\w+n['’]t|un)(?: fully)? ?aware (?:that|of|in|which|the)|forgot(?:ten)?|overlooked|(?:was"
        r"|were) not (?:reviewed"
        r"|communicated|tested|followed|notified|informed)|without (?:\w+ )?(?:review|approval|testing|notice"
        r"|warning)",
        r"(?:ran|executed|issued|typed) (?:the |an? )?(?:\w+ ){0,3}(?:destroy|delete|drop|command|script)",
        r"delet(?:ed|ion of|ing) (?:the |our |all |an? )?(?:\w+ ){0,3}(?:namespaces?|database|production|prod|bucket"
        r"|cluster|volume|account|branch|resources?)",
    ),
    "ownership-knowledge": (
        r"(?:unclear|no clear|missing|lack of) owner(?:ship)?|no(?:body| one) (?:owned|knew|was responsible|felt)",
        r"(?:lack of|limited|missing|no|insufficient) (?:\w+ )?(?:knowledge|documentation|familiarity|understanding"
        r"|training|experience|hand-?over)|undocumented|bus factor|tribal knowledge",
    ),
}
HINTS: dict[str, str] = {
    "certificate-expiry": r"expir\w+|renew\w*|cert-?manager|let'?s ?encrypt",
    "configuration-change": r"config\w*|settings?|flags?|terraform|helm|ya?ml|ansible|puppet|polic(?:y|ies)"
    r"|parameters?"
    r"|thresholds?|permissions?|labels?|environment variables?",
    "code-change": r"bugs?|bugfix\w*|buggy|code|commits?|deploy(?:ed|ment|s)?|releas(?:e|ed)|merged|logic|exceptions?"
    r"|functions?|regex|test (?:suite|coverage|cases?)|unit tests?|patch(?:ed)?|hotfix|refactor\w*|crate|compil\w+",
    "capacity": r"memory|cpu|load|traffic|limits?|capacity|resources?|quotas?|scal(?:e|ed|ing)|requests per second"
    r"|replicas|larger|utili[sz]ation|rate-limit\w*",
    "dependency": r"upstream|third[- ]party|vendor|provider|supplier|librar(?:y|ies)|dependenc(?:y|ies)|packages?"
    r"|external|upgrad\w+|version bump",
    "network-hardware": r"dns|network\w*|routing|routes?|router|switch(?:es)?|hardware|power|cables?|connectivity|host"
    r"|datacent(?:er|re)",
    "data-storage": r"database|db|quer(?:y|ies)|tables?|index(?:es)?|disks?|volumes?|storage|schema|migrat\w+"
    r"|replicas?"
    r"|rows|primary",
    "security": r"attack\w*|credentials?|secrets?|vulnerab\w+|security|abuse\w*|stolen|compromis\w+|leak(?:ed|s)?",
    "observability": r"alerts?|monitoring",
    "process-tooling": r"manual(?:ly)?|mistakes?|procedures?|process|runbooks?|playbooks?|communicat\w+|review(?:ed)?"
    r"|pipelines?|delet(?:ed|ion)|removed|destroy(?:ed)?|human",
}


def _compiled(patterns: str) -> re.Pattern[str]:
    """For text in small letters: looking for either case takes twice as long."""
    return re.compile(rf"\b(?:{patterns})(?!\w)")


PHRASE_PATTERNS = {slug: _compiled("|".join(patterns)) for slug, patterns in PHRASES.items()}
HINT_PATTERNS = {slug: _compiled(pattern) for slug, pattern in HINTS.items()}
