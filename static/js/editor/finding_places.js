// Where the places of a review are on the editor page: "section:summary", "event:5", "why-question:7", as the checker
// names them; in forms that are not saved yet "event:new", "why:below-3".
"use strict";
const findingPlaces = (() => {
  const FIELDS = {
    event: { text: "event" },
    why: { question: "why-question", answer: "why" },
    factor: { text: "factor" },
    action: { title: "action", done_when: "action-done-when", details: "action-details" },
    perspective: { known: "perspective-known", sense: "perspective-sense" },
  };
  const ITEM_OF = {
    "why-question": "why",
    "action-done-when": "action",
    "action-details": "action",
    "perspective-known": "perspective",
    "perspective-sense": "perspective",
  };
  const SHOWN = {
    event: ".event-text",
    why: ":scope > .why-line .why-answer",
    "why-question": ":scope > .why-line .why-question",
    factor: ".prose",
    action: ":scope > .item-title",
    "action-done-when": ".item-known-words",
    "action-details": ".prose",
    "perspective-known": "[data-known]",
    "perspective-sense": "[data-sense]",
  };

  const split = (name, by) => [name.slice(0, name.indexOf(by)), name.slice(name.indexOf(by) + 1)];

  /** What the form of a place is called; a whole part is called as it is. */
  function formOf(place) {
    if (!place.includes(":")) return place;
    const [kind, key] = split(place, ":");
    return kind === "section" ? key : `${ITEM_OF[kind] ?? kind}-${key}`;
  }

  /** The words of a place as they are read; nothing while they are written. */
  function shownText(place) {
    const [kind] = split(place, ":");
    if (kind === "section") return document.querySelector(`[data-text="${place}"] .prose`);
    return SHOWN[kind] ? document.getElementById(formOf(place))?.querySelector(SHOWN[kind]) : null;
  }

  /** [place, field] of each field that something was typed into, editors aside. */
  function* typedFields() {
    for (const form of document.querySelectorAll("[data-editor] form[data-keep][data-dirty]")) {
      const name = form.dataset.keep;
      const [kind, key] = split(name, "-");
      if (form.elements.text && form.closest(".part")?.id === name) yield [`section:${name}`, form.elements.text];
      for (const [field, place] of Object.entries(FIELDS[kind] ?? {})) {
        const element = form.elements.namedItem(field);
        if (element && !element.disabled) yield [`${place}:${key}`, element];
      }
    }
  }

  /** The plain field in which a place stands open; null where none does. */
  function openField(place) {
    const form = document.querySelector(`[data-editor] form[data-keep="${CSS.escape(formOf(place))}"]`);
    const [kind] = split(place, ":");
    const names = kind === "section" ? { text: kind } : (FIELDS[ITEM_OF[kind] ?? kind] ?? {});
    const name = Object.keys(names).find((one) => names[one] === kind);
    const field = name && form?.elements.namedItem(name);
    return field && !field.disabled ? field : null;
  }

  /** What opens a place for writing, or, of a whole part, the first thing to do there. */
  function opener(place) {
    const named = document.querySelector(`[data-opens="${CSS.escape(formOf(place))}"]`);
    if (named?.checkVisibility()) return named;
    const around = document.getElementById(formOf(place));
    return around?.querySelector(".cm-content, [data-opens]:not([data-comment], [hidden])") ?? null;
  }

  return { formOf, shownText, typedFields, openField, opener };
})();
