"""The cause categories that a new installation starts with; editable afterwards, their slugs are stable."""

STARTING_CATEGORIES = [
    (
        "configuration-change",
        "Configuration change",
        "A changed setting, flag, policy or definition of infrastructure.",
    ),
    ("code-change", "Code change", "A release that held a defect, or met a condition nobody had tested."),
    ("capacity", "Capacity and load", "More demand than there was room for: processors, memory, connections, quotas."),
    ("dependency", "Dependency", "Something we rely on, inside or outside, failed or behaved differently."),
    ("network-hardware", "Network and hardware", "Links, routes, names, power, disks and machines."),
    ("data-storage", "Data and storage", "Schemas, migrations, queries, replication, corruption, full disks."),
    ("certificate-expiry", "Certificates and expiry", "A certificate, token, domain or licence reached its end date."),
    ("security", "Security", "Intrusion, misuse, a leaked secret or a vulnerable component."),
    (
        "observability",
        "Observability gap",
        "It could not be seen: an alert, log or dashboard was missing or too noisy.",
    ),
    ("environment-parity", "Environment parity", "Test or staging differed from production where it mattered."),
    ("process-tooling", "Process and tooling", "A runbook, review, release step or tool made the slip easy to make."),
    ("ownership-knowledge", "Ownership and knowledge", "No clear owner, lost knowledge, overload, or a handover."),
    ("unknown", "Not yet known", "The review is still looking."),
]
