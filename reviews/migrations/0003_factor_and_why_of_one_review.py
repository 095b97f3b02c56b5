from django.db import migrations

SAME_REVIEW = """
ALTER TABLE reviews_factor ADD CONSTRAINT factor_why_same_review
    FOREIGN KEY (review_id, why_id) REFERENCES reviews_why (review_id, id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_integrity")]

    operations = [
        migrations.RunSQL(SAME_REVIEW, "ALTER TABLE reviews_factor DROP CONSTRAINT factor_why_same_review;"),
    ]
