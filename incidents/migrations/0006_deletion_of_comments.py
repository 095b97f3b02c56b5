from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_one_facilitator")]

    operations = [
        migrations.RemoveConstraint("deletion", "deletion_kind_known"),
        migrations.AddConstraint(
            "deletion",
            models.CheckConstraint(
                condition=Q(kind__in=["event", "action", "why", "factor", "comment"]), name="deletion_kind_known"
            ),
        ),
        migrations.AlterField(
            "deletion",
            "kind",
            models.CharField(max_length=20, help_text="What was deleted: event, action, why, factor or comment."),
        ),
    ]
