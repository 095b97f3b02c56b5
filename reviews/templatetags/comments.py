"""Tags of the editor page: the comments beside a part, and the link that begins one."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("reviews/comments.html", takes_context=True)
def comments_of(context: dict[str, Any], part: str) -> dict[str, Any]:
    """The block with all that is said about `part`."""
    return {**context.flatten(), "beside": context["comments"].beside(part)}  # type: ignore[attr-defined]


@register.inclusion_tag("reviews/comment_action.html", takes_context=True)
def comment_on(context: dict[str, Any], part: str, kind: str = "", pk: int = 0, about: str = "") -> dict[str, Any]:
    """The link that begins a comment on a part, or on an item of it that is called `about`, and how many there are."""
    key = f"{kind}:{pk}" if pk else f"{kind}:{part}" if kind else part
    comments = context["comments"]
    threads = comments.about(key) if pk else []
    return {
        "address": context["address"],
        "may": comments.may,
        "part": part,
        "key": key,
        "name": key.replace(":", "-"),
        "about": about,
        "is_item": bool(pk),
        "threads": threads,
        "count": sum(len(one.comments) for one in threads),
    }
