from django.db import migrations, models
from django.db.models import Q


def keep_the_first(apps, schema_editor):
    """Whoever else facilitated the same review goes on taking part, as a reviewer."""
    Participant = apps.get_model("incidents", "Participant")
    seen = set()
    for one in Participant.objects.filter(role="facilitator").order_by("pk"):
        if one.incident_id not in seen:
            seen.add(one.incident_id)
        elif Participant.objects.filter(incident=one.incident_id, person=one.person_id, role="reviewer").exists():
            one.delete()
        else:
            one.role = "reviewer"
            one.save()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_notification")]

    operations = [
        migrations.RunPython(keep_the_first, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "participant",
            models.UniqueConstraint(
                fields=["incident"], condition=Q(role="facilitator"), name="participant_one_facilitator"
            ),
        ),
    ]
