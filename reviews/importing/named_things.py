"""The service that a title names: "Prometheus down", "docs.rs outage". Only names, and only the first of them."""

from __future__ import annotations

import re

# Software and platforms that are names wherever they stand, in whatever case people write them.
KNOWN = (
    "AWS|GCP|Google Cloud|Kubernetes|K8s|Prometheus|Grafana|Kafka|RabbitMQ|Redis|Memcached|PostgreSQL|Postgres"
    "|MySQL|MariaDB|MongoDB|Cassandra|DynamoDB"
    "|Elasticsearch|OpenSearch|Kibana|Logstash|Fluentd|CoreDNS|etcd|ZooKeeper|Consul|Vault|Nomad|Terraform|Jenkins"
    "|Concourse|CircleCI"
    "|GitHub|GitLab|Bitbucket|Jira|Confluence|Slack|Discord|Okta|Auth0|Keycloak|Nginx|HAProxy|Envoy|Traefik|Istio"
    "|Linkerd|Varnish"
    "|Cloudflare|Fastly|Akamai|Heroku|Netlify|Vercel|Azure|S3|EC2|EBS|RDS|EKS|ECS|ALB|ELB|Lambda|Kinesis|Route ?53"
    "|CloudFront|CloudWatch"
    "|BigQuery|Snowflake|Spanner|Hadoop|Spark|Airflow|Celery|Sidekiq|Solr|Ceph|GlusterFS|MinIO|Harbor|Artifactory"
    "|Argo ?CD|Flux|Helm"
    "|Datadog|PagerDuty|Sentry|Splunk|New Relic|Twilio|Stripe|PayPal|Zendesk|Salesforce|Shopify|WordPress|Drupal"
    "|Mastodon|Matrix|Zulip|Discourse"
    "|npm|PyPI|RubyGems|Docker Hub|Quay|Jupyter ?Hub|Kyverno|Thanos|Loki|Jaeger|ClickHouse|InfluxDB|CockroachDB"
    "|Neo4j|Supabase|Firebase"
)
# Companies whose running services others build upon: an incident of theirs is a dependency that failed.
PROVIDERS = (
    "AWS|Amazon|GCP|Google(?: Cloud)?|GKE|Azure|Microsoft|Cloudflare|Fastly|Akamai|GitHub|GitLab|Bitbucket|Slack"
    "|Discord"
    "|Okta|Auth0|Heroku|Netlify|Vercel|Datadog|PagerDuty|Twilio|SendGrid|Stripe|PayPal|CircleCI|Travis(?: CI)?|npm"
    "|PyPI|RubyGems"
    "|Docker Hub|Quay|S3|EC2|EBS|RDS|Route ?53|CloudFront|Let'?s ?Encrypt"
)
_IS_KNOWN = re.compile(rf"(?<![\w./@-])(?:{KNOWN})(?![\w@]|[./-]\w)", re.IGNORECASE)
DOMAIN = (
    r"(?<![\w/@.-])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*\.(?:com|org|net|io|rs|dev|app|ai|co|uk|de|eu|cloud"
    r"|gov|edu|info|me|sh|so|tv|us|in|fr|nl|ch)(?![\w-])"
)
_DOMAIN = re.compile(DOMAIN, re.IGNORECASE)
# Capitals inside a word make it a name (CoreDNS, ADSync), but not the plural of an abbreviation (APIs).
_CAMEL = re.compile(r"(?<![\w./-])(?![A-Z]+s\b)(?=\w*[a-z])(?=\w*[A-Z]\w*[A-Z])[A-Z][A-Za-z0-9]{3,}\b(?![./-]\w)")
_FAILING = (
    r"(?:outages?|down(?:time)?|is|was|are|were|crash\w*|fail\w*|errors?|issues?|problems?|upgrade|incident"
    r"|unavailab\w+"
    r"|slow\w*|degrad\w+|disrupt\w+|interrupt\w+|dashboard|release|\d{3}|instances?|performance|latency|timeouts?"
    r"|unresponsive|offline)"
)
_LEADING = re.compile(
    r"^(?:the )?(?P<name>[A-Z]{3,6}|[A-Z][\w.]*[a-z](?=\s+v?\d+\.\d)|[a-z]+(?:-[a-z0-9]+)+|[Ww]eb ?site|[Ww]iki)"
    r"(?=\s+(?:[\w.]+\s+){0,3}(?i:" + _FAILING + r")\b)"
)
_NOT = re.compile(r"^(?P<name>[A-Z][a-z]{3,})(?= (?:not|no longer|does not|did not|is not|is down|went down)\b)")
_OUT = re.compile(
    r"^(?:the )?(?P<name>(?!(?:Total|Partial|Major|Minor|Multiple|Global|Complete|Short|Brief|Unplanned|Planned|Power"
    r"|Network|Full|Service|Site|Production|Database|Regional|Internet|Second|Another|Recent|Christmas|Easter"
    r"|[A-Z][a-z]+day|Jan\w*|Feb\w*|Mar|March|Apr\w*|May|June?|July?|Aug\w*|Sep\w*|Oct\w*|Nov\w*"
    r"|Dec\w*)\b)[A-Z][A-Za-z]{2,}"
    r"(?: [A-Z][A-Za-z]+){0,2})(?= (?:[Oo]utage|[Dd]owntime|[Dd]isruption|(?:is|was) (?:down|unavailable)"
    r"|unavailable)\b)"
)
_AFTER = re.compile(
    r"(?:\b(?i:outage|problems?|issues?|failures?|overload|attack|errors?) (?:of|on|with)|\b(?i:analysis|bug) in|^in)"
    r" (?:the |our )?(?P<name>[A-Z][\w.-]*[A-Za-z0-9]|[a-z]+_[a-z_]+)"
    r"(?=\s+(?:cluster|service|server|database|site|platform|api)s?\b|\W*$)"
)
# What a verb of harm is done to: "the upgrade broke Orders", "builds saturate BuildFarm".
_OBJECT = re.compile(
    r"\b(?i:saturat(?:es?|ed|ing)|overload(?:s|ed|ing)?|br(?:eaks?|oke|eaking)|(?:takes?|took|taking|brings?"
    r"|brought) down"
    r"|crash(?:es|ed|ing)|exhaust(?:s|ed|ing)|block(?:s|ed|ing)|overwhelm(?:s|ed|ing)|deletes?|deleted|destroy(?:s"
    r"|ed))"
    r" (?:the |our )?(?P<name>[A-Z][\w.-]*[A-Za-z0-9])(?!['’])"
)
_CODED = re.compile(r"\b(?:in|on|of) (?:the )?`?(?P<name>[a-z]\w*(?:[_.-]\w+)*[_.]\w+)`?\W*$")
_BEFORE_NAME = re.compile(
    r"^(?:(?:incident|outage|post-?\s?mortem|rca|report|review|root cause analysis)(?: report| review"
    r"| analysis)?\s*(?:on|for|of|from|:)?\s*[-–—:]?\s*)?"
    r"(?:(?:on |for )?(?:\d{4}-\d{1,2}-\d{1,2}|[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd"
    r"|th)? [A-Z][a-z]{2,8} \d{4})\s*[-–—:,]?\s*)?",
    re.IGNORECASE,
)
_GENERIC = {"users", "customers", "emails", "alerts", "nodes", "deployments", "services", "logs", "metrics",
            "builds", "jobs",
            "data", "some", "many", "messages", "requests", "orders", "payments", "people", "everything", "login",
            "logins", "iops",
            "sev", "rca", "coe", "inc", "api", "ssl", "tls", "dns", "cpu", "http", "https", "crud", "oom", "pods",
            "gui", "sql", "url", "ddos", "dos",
            "usa", "emea", "apac", "prod", "iac", "ami", "wal", "the", "all", "new", "two", "pdf", "csv", "cve",
            "tcp", "udp", "vpn", "sso", "nft",
            "self-hosted", "gitops", "devops", "failover", "third-party", "read-only", "post-mortem", "re-org",
            "high-level", "post-incident",
            "multi-region", "us-east", "pr"}  # fmt: skip


def named_in_title(title: str) -> str | None:
    """The first name of a service, product or site in a title of several words, or None."""
    text = re.sub(r"\([^()]*\)|[\"“][^\"”]*[\"”]", " ", title)
    text = text[_BEFORE_NAME.match(text).end() :]  # type: ignore[union-attr]
    if len(text.split()) < 2:
        return None
    hit = _OBJECT.search(text)
    if hit is not None and hit["name"].lower() not in _GENERIC:
        return hit["name"]
    found = []
    for pattern in (_IS_KNOWN, _DOMAIN, _CAMEL):
        match = pattern.search(text)
        if match is not None and match[0].lower() not in _GENERIC:
            found.append((match.start(), match[0]))
    for pattern in (_LEADING, _NOT, _OUT, _AFTER, _CODED):
        match = pattern.search(text)
        if match is not None and match["name"].lower() not in _GENERIC:
            found.append((match.start("name"), match["name"]))
    return min(found)[1] if found else None


def names_software(text: str) -> bool:
    """Whether a text names a product or platform that many people run."""
    return _IS_KNOWN.search(text) is not None


def is_software(text: str) -> bool:
    """Whether a text is the name of such a product and nothing else."""
    return _IS_KNOWN.fullmatch(text.strip()) is not None


def is_general(name: str) -> bool:
    """Whether a word is what anybody's text may hold, and names nothing."""
    return name.lower() in _GENERIC


def is_provider(name: str) -> bool:
    """Whether a name is that of a company whose services others build upon."""
    return re.fullmatch(PROVIDERS, name, re.IGNORECASE) is not None


def is_threat(name: str, text: str) -> bool:
    """Whether the text calls a name that of a weakness or an attack, which nobody runs as a service."""
    kinds = "vulnerabilit(?:y|ies)|attacks?|worm|malware|exploit|ransomware|virus"
    return re.search(rf"(?<!\w){re.escape(name)} (?:{kinds})\b", text, re.IGNORECASE) is not None
