"""What is kept about people here, and in the tables that other people's libraries bring."""

from people.personal import NAMELESS, About, Kept, Nobody

OPENS = "It opens the account, and says nothing about the person."

DECLARED = [
    About(
        "people.User",
        Kept.YEARS,
        called="Your account",
        of=("pk",),
        withheld={"password": OPENS},
        emptied={
            "name": NAMELESS,
            "email": "erased-{pk}@erased.invalid",
            "password": "!",
            "last_login": None,
        },
    ),
    About(
        "people.Post",
        Kept.YEARS,
        called="Your post",
        of=("holder",),
        emptied={"ern": "erased-{pk}", "post_number": "erased"},
    ),
    About(
        "people.PostChange",
        Kept.YEARS,
        called="Changes to your post",
        of=("post__holder",),
        by=("by", "on_behalf_of"),
        at="at",
    ),
    About("people.Team", Kept.WHILE_HERE, called="Teams you manage", of=("manager",)),
    About("people.Service_officers", Kept.WHILE_HERE, called="Services you belong to", of=("user",)),
    About(
        "people.Delegation",
        Kept.WHILE_HERE,
        called="Standing in for somebody",
        of=("delegator", "delegate"),
        by=("made_by", "ended_by"),
        at="made_at",
    ),
    About(
        "people.Conflict",
        Kept.YEARS,
        called="Conflicts of interest",
        of=("person", "other"),
        by=("declared_by", "ended_by"),
        at="declared_at",
        emptied={"detail": ""},
    ),
    About(
        "people.DataExport",
        Kept.YEARS,
        called="Copies of this data",
        of=("person", "asked_by"),
        withheld={"stored_as": "A copy of what is given out here already, gone within a week."},
        emptied={"why": "{if}Erased"},
    ),
    About("people.Erasure", Kept.FOR_GOOD, called="What was erased", of=("person",)),
    About(
        "people.NoticeChoice",
        Kept.MONTHS,
        called="What you chose to be e-mailed about",
        of=("person",),
        goes=True,
    ),
    About(
        "people.Session",
        Kept.A_WHILE,
        called="Where you are signed in",
        of=("user",),
        withheld={
            "session_key": OPENS,
            "session_data": "What a browser was last shown, and safety tokens. It is gone within hours.",
        },
    ),
    About(
        "people.AuditEntry",
        Kept.FOR_GOOD,
        called="Who changed and read what",
        of=("people__contains",),
        by=("actor", "on_behalf_of"),
        at="at",
        withheld={"hash": "It proves the chain and says nothing about anybody."},
    ),
    About("people.AccountLetter", Kept.A_WHILE, called="E-mails about your account", of=("email=email",)),
    Nobody("people.Tally", "Counts under the hash of a key, gone within hours."),
    Nobody("people.Service", "A council's service.", columns=("name",)),
    About("people.User_groups", Kept.WHILE_HERE, called="Your groups", of=("user",)),
    About("people.User_user_permissions", Kept.WHILE_HERE, called="Your permissions", of=("user",)),
    About("account.EmailAddress", Kept.MONTHS, called="Your e-mail addresses", of=("user",), goes=True),
    About(
        "account.EmailConfirmation",
        Kept.MONTHS,
        called="Confirming your e-mail address",
        of=("email_address__user",),
        withheld={"key": OPENS},
        goes=True,
    ),
    About(
        "mfa.Authenticator",
        Kept.MONTHS,
        called="Your second step when you sign in",
        of=("user",),
        withheld={"data": OPENS},
        goes=True,
    ),
    About("socialaccount.SocialAccount", Kept.MONTHS, called="Your council sign-in", of=("user",), goes=True),
    About(
        "socialaccount.SocialToken",
        Kept.MONTHS,
        called="Your council sign-in, its tokens",
        of=("account__user",),
        withheld={"token": OPENS, "token_secret": OPENS},
        goes=True,
    ),
    Nobody("socialaccount.SocialApp", "The council's own sign-in.", columns=("name",)),
    About(
        "admin.LogEntry", Kept.WHILE_HERE, called="Changes in the admin pages", by=("user",), at="action_time"
    ),
    About(
        "guardian.UserObjectPermission", Kept.WHILE_HERE, called="Permissions for single cases", of=("user",)
    ),
    Nobody("guardian.GroupObjectPermission", "Not used: permissions go to people, case by case."),
    Nobody("auth.Permission", "Django's list of what could be permitted.", columns=("name", "codename")),
    Nobody("auth.Group", "Not used: roles say who may do what.", columns=("name",)),
    Nobody("auth.Group_permissions", "Not used: roles say who may do what."),
    Nobody("contenttypes.ContentType", "Django's list of models."),
    Nobody("sessions.Session", "Empty: sessions are in people_session."),
]
