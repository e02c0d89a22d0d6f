from django.db import migrations

from people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_written_once"),
        ("progression", "0004_meetings_recusals_notice_history"),
    ]

    operations = [
        append_only("progression_meetingmove"),
        append_only("progression_recusal"),
        append_only("progression_noticehistory"),
    ]
