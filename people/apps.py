from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "People and posts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from people import acting, checks, erasing_sql, safeguards  # noqa: F401

        connection_created.connect(acting.tell_every_connection)
        post_migrate.connect(safeguards.put_in_place, sender=self)
        post_migrate.connect(erasing_sql.put_in_place, sender=self)
        post_migrate.connect(safeguards.bind_functions, sender=self)
