// Changes the page without moving what its reader looks at, and without taking the focus away.
"use strict";
const steadily = (() => {
  const isOnScreen = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };

  function anchor(active) {
    if (active && active !== document.body && isOnScreen(active)) return active;
    const items = document.querySelectorAll(".editor-body :is(li[id], .part-head, .prose > *)");
    return [...items].find((one) => isOnScreen(one) && one.getBoundingClientRect().top >= 0);
  }

  /** Where the focus goes if its element goes: what follows it, else its part. */
  function heirs(active) {
    const item = active.closest("li[id]");
    const part = active.closest(".part");
    const ids = part ? [...part.querySelectorAll("li[id]")].map((one) => one.id) : [];
    const place = item ? ids.indexOf(item.id) : ids.length;
    return { ids: [...ids.slice(place), ...ids.slice(0, Math.max(place, 0)).reverse()], part: part?.id };
  }

  function giveFocus({ ids, part }) {
    const there = ids.map((id) => document.getElementById(id)).filter(Boolean);
    const places = [...there, document.getElementById(part)].filter(Boolean);
    for (const place of places) {
      const control = place.querySelector("[data-opens]:not([hidden])");
      if (control) return control.focus({ preventScroll: true });
    }
  }

  return (change) => {
    const active = document.activeElement;
    const inPart = active?.closest(".part") ? heirs(active) : null;
    const fixed = anchor(active);
    const before = fixed?.getBoundingClientRect().top;
    // The browser keeps the place as well, its own way; both would be too much.
    document.documentElement.classList.add("is-patching");
    try {
      return change();
    } finally {
      if (fixed?.isConnected) scrollBy({ top: fixed.getBoundingClientRect().top - before, behavior: "instant" });
      if (inPart && document.activeElement !== active) {
        if (active.isConnected && !active.disabled) active.focus({ preventScroll: true });
        else giveFocus(inPart);
      }
      requestAnimationFrame(() => document.documentElement.classList.remove("is-patching"));
    }
  };
})();
