"""What Confluence adds to HTML in its storage format: links, pictures, macros."""

import re
from xml.etree.ElementTree import Element

from reviews.importing.html.tree import as_written, name_of, words_of

PANELS = {"info": "Info", "note": "Note", "warning": "Warning", "tip": "Tip", "panel": ""}
_EMOTICONS = {"tick": "✓", "cross": "✗", "warning": "⚠", "information": "ℹ", "plus": "+", "minus": "-"}
ATTACHED = "attached:"  # an address that names a file attached to the page


def macro_name(element: Element) -> str:
    """What a macro is called."""
    return (element.get("ac:name") or "").lower()


def parameter(element: Element, name: str) -> str:
    """The value of a macro's parameter, or ''."""
    for one in element:
        if name_of(one) == "ac:parameter" and (one.get("ac:name") or "").lower() == name:
            return " ".join("".join(one.itertext()).split())
    return ""


def body(element: Element) -> Element | None:
    """The rich text in a macro."""
    return next((one for one in element if name_of(one) == "ac:rich-text-body"), None)


def code_of(element: Element) -> tuple[str, str] | None:
    """The text of a macro that shows it as it is, and its language; None for other macros."""
    plain = next((one for one in element if name_of(one) == "ac:plain-text-body"), None)
    if plain is None:
        return None
    language = re.sub(r"[^a-z0-9+#-]", "", parameter(element, "language").lower())
    return as_written(plain).strip("\n"), language


def status_of(element: Element) -> str:
    """What a macro within a line says: a status its words, an issue its key, any other what stands in it."""
    name = macro_name(element)
    if name == "status":
        return parameter(element, "title")
    if name == "jira":
        return parameter(element, "key")
    if name in ("toc", "anchor", "children", "attachments", "gallery", "recently-updated"):
        return ""
    plain = code_of(element)
    return plain[0] if plain else words_of(inner) if (inner := body(element)) is not None else ""


def picture_of(element: Element) -> tuple[str, str]:
    """The address of a picture and what it shows."""
    alt = element.get("ac:alt") or element.get("ac:title") or ""
    for one in element.iter():
        if name_of(one) == "ri:attachment":
            name = one.get("ri:filename") or ""
            return ATTACHED + name, alt or name.rpartition(".")[0]
        if name_of(one) == "ri:url":
            return one.get("ri:value") or "", alt
    return "", alt


def link_of(element: Element) -> tuple[str, str]:
    """The address of a link, '' where it cannot be had outside of Confluence, and its words."""
    words = " ".join(
        words_of(one) for one in element if name_of(one) in ("ac:plain-text-link-body", "ac:link-body")
    ).strip()
    for one in element.iter():
        name = name_of(one)
        if name == "ri:page":
            return "", words or one.get("ri:content-title") or ""
        if name == "ri:attachment":
            file = one.get("ri:filename") or ""
            return ATTACHED + file, words or file
        if name == "ri:url":
            return one.get("ri:value") or "", words or one.get("ri:value") or ""
        if name == "ri:user":
            return "", words or user_of(one)
    return "", words


def user_of(element: Element) -> str:
    """A person whom a page mentions; an export gives a name only to some."""
    name = element.get("ri:username") or ""
    return f"@{name}" if name else "@someone"


def emoticon(element: Element) -> str:
    """A sign for the commonest; its fallback, or nothing, for others."""
    name = (element.get("ac:name") or "").lower()
    return _EMOTICONS.get(name) or element.get("ac:emoji-fallback") or ""
