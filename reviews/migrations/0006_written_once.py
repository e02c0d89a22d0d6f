from django.db import migrations

from people.append_only import append_only, fixed_but


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_written_once"),
        ("reviews", "0005_hearings_reversals_late_requests"),
    ]

    operations = [
        append_only("reviews_hearing"),
        fixed_but("reviews_reversal", once=("answered_by_id", "answered_at", "confirmed", "answer")),
        fixed_but(
            "reviews_laterequest",
            once=("answered_by_id", "on_behalf_of_id", "answered_at", "accepted", "reason"),
        ),
        fixed_but(
            "reviews_representative",
            once=("removed_at",),
            free=("token_sha256", "link_made_at", "link_expires_at", "link_used_at"),
        ),
        fixed_but("reviews_appealdocument", once=("removed_at",)),
        fixed_but(
            "reviews_bundle",
            once=("made_at", "content", "sha256", "pages"),
            free=("attempts", "try_at", "last_fault"),
        ),
    ]
