from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_administrators_by_createsuperuser")]

    operations = [
        migrations.AddField(
            "person",
            "wants_mail",
            models.BooleanField(default=True, help_text="A mail for each notification.", verbose_name="mails"),
        )
    ]
