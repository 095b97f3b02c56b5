// Marks under the words that the checker finds, and the card that tells the finding beside them. Words in rendered text
// are marked here; those in editors by the editor's own script (static/editor/src/findings.js).
"use strict";
const findingMarks = (() => {
  const root = document.querySelector("[data-editor]");
  const panel = document.getElementById("findings");
  if (!root || !panel) return null;
  const REST_MS = 350; // how long pointer or caret rests on words before their finding shows
  const KINDS = ["blocking", "error", "warning", "advice"];
  const READ = ".prose, .why-question, .item-title";
  const HIDDEN = `debrief-marks:${root.dataset.person}`;

  const items = () => [...panel.querySelectorAll("li.finding")];
  const keyOf = (item) => item.id.replace("finding-", "");
  const itemOf = (key) => (key ? document.getElementById(`finding-${key}`) : null);
  const kindOf = (item) => KINDS.find((kind) => item.classList.contains(`is-${kind}`)) ?? "warning";
  const areHidden = () => document.documentElement.classList.contains("marks-hidden");

  let ranges = []; // [{item, range}] in the rendered text
  let current = "";

  /** Marks what the panel holds; in editors where it is about `texts`, which they held when it was asked for. */
  function mark(texts = {}) {
    const spans = new Map(Object.keys(texts).map((place) => [place, []]));
    const roots = new Map();
    ranges = [];
    for (const item of items()) {
      const { finding: place, words, before, start, end } = item.dataset;
      if (words === undefined) continue;
      spans.get(place)?.push({ key: keyOf(item), kind: kindOf(item), start: Number(start), end: Number(end) });
      if (!roots.has(place)) roots.set(place, findingPlaces.shownText(place));
      const range = roots.get(place) && passages.rangeOf(roots.get(place), words, Number(before));
      if (range) ranges.push({ item, range });
    }
    for (const [place, some] of spans) globalThis.writtenTexts?.mark(place, texts[place], some);
    for (const kind of KINDS) {
      const some = ranges.filter(({ item }) => kindOf(item) === kind).map(({ range }) => range);
      CSS.highlights?.set(`found-${kind}`, new Highlight(...some));
    }
    pointTo(current);
  }

  /** Makes a finding the one that is looked at; returns the range of its words in rendered text. */
  function pointTo(key) {
    current = itemOf(key) ? key : "";
    for (const item of items()) item.classList.toggle("is-current", keyOf(item) === current);
    const one = ranges.find(({ item }) => keyOf(item) === current);
    CSS.highlights?.set("found-current", one ? new Highlight(one.range) : new Highlight());
    return one?.range;
  }

  /** Scrolls the panel, never the page, to an item; false where the panel is folded. */
  function showInPanel(item) {
    if (!item.checkVisibility()) return false;
    const [inner, outer] = [item.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (panel.scrollHeight <= panel.clientHeight) return true;
    if (inner.top < outer.top) panel.scrollTop += inner.top - outer.top - 8;
    else if (inner.bottom > outer.bottom) panel.scrollTop += inner.bottom - outer.bottom + 8;
    return true;
  }

  // The card

  const card = document.createElement("div");
  card.className = "finding-card";
  card.id = "finding-card";
  card.setAttribute("role", "status");
  card.hidden = true;
  root.append(card);

  function showCard(key, box = boxOf(key)) {
    const item = itemOf(key);
    if (!item || !box) return hideCard();
    const parts = [".finding-message", ".finding-suggestion"].map((part) => item.querySelector(part)?.cloneNode(true));
    card.replaceChildren(...parts.filter(Boolean), wayOn(item));
    card.hidden = false;
    const within = root.getBoundingClientRect();
    const left = Math.min(box.left - within.left, within.width - card.offsetWidth);
    card.style.insetInlineStart = `${Math.max(0, left)}px`;
    const isBelow = box.bottom + card.offsetHeight + 8 < innerHeight;
    card.style.insetBlockStart = `${(isBelow ? box.bottom + 6 : box.top - card.offsetHeight - 6) - within.top}px`;
  }

  function boxOf(key) {
    const range = ranges.find(({ item }) => keyOf(item) === key)?.range;
    return (range ?? root.querySelector(`[data-found="${CSS.escape(key)}"]`))?.getBoundingClientRect();
  }

  function wayOn(item) {
    const line = document.createElement("p");
    line.className = "finding-do";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet-button";
    const dismiss = item.querySelector(".finding-dismiss");
    button.textContent = dismiss ? "Dismiss…" : "Show in the list";
    button.addEventListener("click", () => {
      card.hidden = true;
      for (let up = item.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
      if (dismiss) dismiss.open = true;
      (dismiss?.querySelector("[name=reason]") ?? item.querySelector("a")).focus();
    });
    line.append(button);
    return line;
  }

  function hideCard() {
    clearTimeout(resting);
    if (!card.contains(document.activeElement)) card.hidden = true;
  }

  let resting = 0;
  function restOn(key) {
    clearTimeout(resting);
    if (!key && card.matches(":hover")) return;
    resting = setTimeout(() => {
      if (!key) return hideCard();
      pointTo(key);
      if (itemOf(key)) showInPanel(itemOf(key));
      showCard(key);
    }, REST_MS);
  }

  function keyAt(event) {
    const inEditor = event.target.closest("[data-found]");
    if (inEditor) return inEditor.dataset.found;
    const at = event.target.closest(READ) && document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const one = at && ranges.find(({ range }) => range.isPointInRange(at.offsetNode, at.offset));
    return one ? keyOf(one.item) : "";
  }

  let movedAt = 0;
  root.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons || areHidden() || event.timeStamp - movedAt < 60) return;
    movedAt = event.timeStamp;
    restOn(keyAt(event));
  });
  root.addEventListener("click", (event) => {
    if (areHidden() || event.target.closest("a, button, summary, input, textarea, .comments, .finding-card")) return;
    const key = event.target.closest(READ) && getSelection().isCollapsed ? keyAt(event) : "";
    if (!key) return;
    pointTo(key);
    showCard(key);
  });
  document.addEventListener("editor:caret", ({ detail }) => areHidden() || restOn(detail.finding));
  document.addEventListener("editor:written", hideCard);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || card.hidden) return;
    const hadFocus = card.contains(document.activeElement);
    card.hidden = true;
    if (hadFocus) itemOf(current)?.querySelector("a")?.focus();
  });

  // Hiding the marks on this device

  function hide(are) {
    const toggle = document.getElementById("findings-marks");
    document.documentElement.classList.toggle("marks-hidden", are);
    toggle.hidden = false;
    toggle.textContent = are ? "Show the marks in the text" : "Hide the marks in the text";
    if (are) hideCard();
  }

  panel.addEventListener("click", (event) => {
    if (event.target.id !== "findings-marks") return;
    hide(!areHidden());
    try {
      if (areHidden()) localStorage.setItem(HIDDEN, "1");
      else localStorage.removeItem(HIDDEN);
    } catch {
      // Then it holds for this page.
    }
  });

  /** Puts the button right that a fresh panel brings. */
  const keepHidden = () => hide(areHidden());

  try {
    hide(localStorage.getItem(HIDDEN) !== null);
  } catch {
    hide(false);
  }

  return { items, keyOf, mark, pointTo, showInPanel, showCard, keepHidden, current: () => current };
})();
