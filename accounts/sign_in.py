"""The form that people sign in with."""

from typing import Any

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """allauth's own, with labels that stay while one types; the page itself says where a forgotten password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Username or email"
        self.fields["login"].error_messages["required"] = "Write your username or email address."
        self.fields["password"].error_messages["required"] = "Write your password."
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autofocus"] = True
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
