"""What Celery beat starts, and how often (seconds, or a crontab). The tasks live in their packages."""

BEAT_SCHEDULE = {
    "send account letters": {
        "task": "people.tasks.send_account_letters",
        "schedule": 5,
        "options": {"expires": 15},
    },
    "forget old sessions": {
        "task": "people.tasks.forget_old_sessions",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "make exports": {"task": "people.tasks.make_exports", "schedule": 30, "options": {"expires": 30}},
    "erase what is due": {
        "task": "people.tasks.erase_what_is_due",
        "schedule": 24 * 60 * 60,
        "options": {"expires": 3600},
    },
    "issue documents": {"task": "payroll.tasks.issue_documents", "schedule": 10, "options": {"expires": 10}},
    "make bundles": {"task": "reviews.tasks.make_bundles", "schedule": 10, "options": {"expires": 10}},
    "make packs": {"task": "reviews.tasks.make_packs", "schedule": 10, "options": {"expires": 10}},
    "bring exports back": {
        "task": "portfolios.tasks.bring_exports_back",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "sweep packs": {"task": "reviews.tasks.sweep_packs", "schedule": 3600, "options": {"expires": 600}},
    "scan files": {"task": "portfolios.tasks.scan_files", "schedule": 10, "options": {"expires": 10}},
    "send observers’ links": {
        "task": "portfolios.tasks.send_observer_links",
        "schedule": 15,
        "options": {"expires": 15},
    },
    "send notices": {"task": "progression.tasks.send_notices", "schedule": 5, "options": {"expires": 15}},
    "check audit": {"task": "progression.tasks.check_audit", "schedule": 20, "options": {"expires": 20}},
    "send digests": {
        "task": "progression.tasks.send_digests",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "sweep reminders": {
        "task": "progression.tasks.sweep_reminders",
        "schedule": 900,
        "options": {"expires": 900},
    },
    "sweep attachments": {
        "task": "portfolios.tasks.sweep_attachments",
        "schedule": 24 * 60 * 60,
        "options": {"expires": 3600},
    },
}
