// The one line that says what is saved. Parts of the page tell it with the event "editor:state": {source, words, kind},
// kind one of "saved", "saving", "unsaved", "offline", "problem", or "" for nothing to say. While any source has
// something that is not saved, the line does not say "Saved".
"use strict";
(() => {
  const line = document.getElementById("saved-state");
  if (!line) return;
  const WEIGHT = { problem: 5, unsaved: 4, offline: 3, saving: 2, saved: 1 };
  const said = new Map();

  document.addEventListener("editor:state", ({ detail: { source, words, kind } }) => {
    said.delete(source);
    if (words) said.set(source, { words, kind });
    show();
  });

  function show() {
    // The last word counts among those that weigh the same.
    const heaviest = [...said.values()].reduce((one, other) => (weight(other) >= weight(one) ? other : one), {});
    const { words = "", kind = "" } = heaviest;
    if (line.textContent === words && line.dataset.kind === kind) return;
    // Read aloud at every pause in typing, it would be in the way.
    line.setAttribute("aria-live", kind === "saving" || words === "Saved" ? "off" : "polite");
    line.textContent = words;
    line.dataset.kind = kind;
  }

  const weight = ({ kind }) => WEIGHT[kind] ?? 0;
})();
