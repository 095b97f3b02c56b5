"""Forms for comments."""

from django import forms

from reviews.anchors import LONGEST_QUOTE
from reviews.commenting import LONGEST_COMMENT

_TEXT = {"required": "Write the comment."}


class CommentForm(forms.Form):
    """What somebody says."""

    text = forms.CharField(
        label="Comment", strip=False, max_length=LONGEST_COMMENT, error_messages=_TEXT, widget=forms.Textarea
    )


class ThreadForm(CommentForm):
    """The first words of a thread, and what they are about: a place, and which words of it."""

    place = forms.CharField(max_length=40, widget=forms.HiddenInput)
    quote = forms.CharField(label="About which words?", required=False, max_length=LONGEST_QUOTE)
    before = forms.IntegerField(required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput)

    def clean_before(self) -> int:
        """How many of the same words stand before these; none where nothing is said."""
        return self.cleaned_data.get("before") or 0
