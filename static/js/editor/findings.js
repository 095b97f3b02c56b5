// The checker beside the text: asks about what stands on the page as one types, marks the words that it finds, and
// leads from a finding to its words and back. What stands in editors is marked by the editor's own script.
"use strict";
(() => {
  const root = document.querySelector("[data-editor]");
  const panel = document.getElementById("findings");
  if (!root || !panel) return;
  const PAUSE_MS = 100; // after the last letter
  const LONGEST_MS = 200; // for one who types on
  const TIMES_AS_LONG = 4; // where answers take long: the server has other work
  const OTHERS_MS = 3000; // for what others write
  const REST_MS = 350; // how long pointer or caret rests on words before their finding shows
  const KINDS = ["blocking", "error", "warning", "advice"];
  const PLAIN = {
    event: { text: "event" },
    why: { question: "why-question", answer: "why" },
    factor: { text: "factor" },
    action: { title: "action", details: "action-details" },
    perspective: { known: "perspective-known", sense: "perspective-sense" },
  };
  const ITEM_OF = {
    "why-question": "why",
    "action-details": "action",
    "perspective-known": "perspective",
    "perspective-sense": "perspective",
  };
  const written = () => globalThis.writtenTexts;
  const items = () => [...panel.querySelectorAll("li.finding")];
  const isShown = (element) => Boolean(element?.checkVisibility());

  // Places: how a form is called that holds one, and where its words stand when nobody edits it

  const splitPlace = (place) => [place.slice(0, place.indexOf(":")), place.slice(place.indexOf(":") + 1)];

  function formOf(place) {
    const [kind, key] = splitPlace(place);
    if (kind === "section") return key;
    return key ? `${ITEM_OF[kind] ?? kind}-${key}` : place;
  }

  function* plainFields() {
    for (const form of root.querySelectorAll("form[data-keep][data-dirty]")) {
      const name = form.dataset.keep;
      const [kind, key] = [name.slice(0, name.indexOf("-")), name.slice(name.indexOf("-") + 1)];
      if (form.elements.text && form.closest(".part")?.id === name) yield [`section:${name}`, form.elements.text];
      for (const [field, place] of Object.entries(PLAIN[kind] ?? {})) {
        const element = form.elements.namedItem(field);
        if (element && !element.disabled) yield [`${place}:${key}`, element];
      }
    }
  }

  function shownText(place) {
    const [kind, key] = splitPlace(place);
    if (kind === "section") return root.querySelector(`[data-text="${place}"] .prose`);
    const item = document.getElementById(`${ITEM_OF[kind] ?? kind}-${key}`);
    if (!item) return null;
    if (kind === "why") return item.querySelector(":scope > .why-line .why-answer");
    if (kind === "why-question") return item.querySelector(":scope > .why-line .why-question");
    if (kind === "action") return item.querySelector(":scope > .item-title");
    if (kind === "perspective-known") return item.querySelector("[data-known]");
    if (kind === "perspective-sense") return item.querySelector("[data-sense]");
    return item.querySelector(kind === "event" ? ".event-text" : ".prose");
  }

  // Asking

  let timer = 0;
  let firstTyped = 0;
  let tookMs = 0; // the last answer
  let asking = false;
  let again = false;

  function gather() {
    const texts = written()?.gather() ?? {};
    for (const [place, { value }] of plainFields()) if (value.trim() || !/:(new|below)/.test(place)) texts[place] = value;
    return texts;
  }

  function askSoon(pause = PAUSE_MS) {
    const now = performance.now();
    firstTyped ||= now;
    const longest = firstTyped + Math.max(LONGEST_MS, TIMES_AS_LONG * tookMs);
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(0, Math.min(pause, longest - now)));
  }

  // Whoever writes it is told at once, on their page.
  function askForOthers() {
    if (!timer) timer = setTimeout(ask, OTHERS_MS);
  }

  async function ask() {
    clearTimeout(timer);
    timer = 0;
    if (asking) {
      again = true;
      return;
    }
    firstTyped = 0;
    asking = true;
    again = false;
    const texts = gather();
    const began = performance.now();
    try {
      const response = await post(panel.dataset.check, JSON.stringify({ texts }), "application/json");
      if (response.ok && !response.redirected) bringIn(await response.text(), texts);
    } catch {
      // Without a connection nothing is found; the next letter asks again.
    } finally {
      tookMs = performance.now() - began;
      asking = false;
      if (again) askSoon();
    }
  }

  function post(address, body, type) {
    const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") };
    if (type) headers["Content-Type"] = type;
    return fetch(address, { method: "POST", body, headers, credentials: "same-origin" });
  }

  let checked = {}; // texts by place that the panel is about; the others as the page shows them

  function bringIn(html, texts) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of fresh.querySelectorAll("[hx-swap-oob]")) {
      const old = document.getElementById(part.id);
      if (old) patching.patch(old, part);
    }
    const next = fresh.getElementById("findings");
    if (!next) return;
    show(next, texts);
  }

  function show(next, texts) {
    patching.patch(panel, next);
    checked = texts;
    hideMarks(marksAreHidden());
    mark();
  }

  const isTyping = () => Boolean(panel.dataset.check) && Object.keys(gather()).length > 0;

  document.addEventListener("editor:written", ({ detail }) => {
    hideCard();
    if (detail.isOwn) askSoon();
    else if (detail.isOpening) ask();
    else askForOthers();
  });
  root.addEventListener("input", (event) => {
    if (!event.target.closest("form[data-keep]") || event.target.closest(".comments")) return;
    askSoon();
  });

  // Every answer about a part brings the findings in what is stored, and rows lag behind what is being typed.
  globalThis.findingsPanel = {
    bringIn(next) {
      if (isTyping()) return askSoon(0);
      show(next, {});
    },
  };
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    if (detail.target !== panel) return;
    detail.shouldSwap = false;
    findingsPanel.bringIn(detail.fragment.querySelector("#findings"));
  });
  document.addEventListener("htmx:afterSettle", () => {
    const field = wanted && fieldOf(wanted.place);
    if (field) selectIn(field, wanted.item);
    markSoon();
    if (isTyping()) askSoon(0);
  });
  document.addEventListener("editor:refreshed", () => markSoon());
  document.addEventListener("editor:cancelled", () => askSoon(0));

  // Dismissing, and taking that back

  panel.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-finding-form]");
    if (!form) return;
    event.preventDefault();
    const item = form.closest("li");
    const following = item.nextElementSibling ?? item.previousElementSibling;
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const response = await post(form.action, new FormData(form));
      if (response.redirected || (!response.ok && response.status !== 422)) throw new Error(response.status);
      const answer = await response.text();
      bringIn(answer, {});
      if (response.ok) {
        say(form.elements.reason ? "Dismissed." : "It stands again.");
        (following?.isConnected ? following : panel).querySelector("a, summary")?.focus();
        if (isTyping()) ask();
      } else {
        panel.querySelector("[aria-invalid=true]")?.focus();
      }
    } catch {
      say("Not saved: no connection, or this has changed meanwhile. Try again in a moment.", "problem");
    } finally {
      button.disabled = false;
    }
  });
  panel.addEventListener("toggle", (event) => {
    if (event.target.matches(".finding-dismiss[open]")) event.target.querySelector("[name=reason]").focus();
  }, true);

  const say = (words, kind = "saved") =>
    document.dispatchEvent(new CustomEvent("editor:state", { detail: { source: "parts", words, kind } }));

  // Marks

  let ranges = []; // [{item, range}] in the rendered text

  const kindOf = (item) => KINDS.find((kind) => item.classList.contains(`is-${kind}`)) ?? "warning";

  function mark() {
    const open = new Map(Object.keys(written()?.gather() ?? {}).map((place) => [place, []]));
    ranges = [];
    const roots = new Map();
    for (const item of items()) {
      const { finding: place, words, before, start, end } = item.dataset;
      if (words === undefined) continue;
      if (open.has(place)) {
        if (place in checked) {
          const key = item.id.replace("finding-", "");
          open.get(place).push({ key, kind: kindOf(item), start: Number(start), end: Number(end) });
        }
        continue;
      }
      if (!roots.has(place)) roots.set(place, shownText(place));
      const range = roots.get(place) && passages.rangeOf(roots.get(place), words, Number(before));
      if (range) ranges.push({ item, range });
    }
    for (const [place, spans] of open) if (place in checked) written().mark(place, checked[place], spans);
    for (const kind of KINDS) {
      const some = ranges.filter(({ item }) => kindOf(item) === kind).map(({ range }) => range);
      CSS.highlights?.set(`found-${kind}`, new Highlight(...some));
    }
    if (wanted && open.has(wanted.place) && written().select(wanted.place, wanted.key)) wanted = null;
    pointTo(current);
  }

  let soon = 0;
  function markSoon() {
    clearTimeout(soon);
    soon = setTimeout(mark, 100);
  }

  // The finding that is looked at: in the panel, in the text, and as a card beside its words

  let current = "";
  let wanted = null; // {place, key, item}: to be selected once its text stands open

  const itemOf = (key) => (key ? document.getElementById(`finding-${key}`) : null);
  const keyOf = (item) => item.id.replace("finding-", "");

  function pointTo(key) {
    current = itemOf(key) ? key : "";
    for (const item of items()) item.classList.toggle("is-current", keyOf(item) === current);
    const one = ranges.find(({ item }) => keyOf(item) === current);
    CSS.highlights?.set("found-current", one ? new Highlight(one.range) : new Highlight());
    return one?.range;
  }

  const card = document.createElement("div");
  card.className = "finding-card";
  card.id = "finding-card";
  card.setAttribute("role", "status");
  card.hidden = true;
  root.append(card);

  function showCard(key, box) {
    const item = itemOf(key);
    if (!item || !box) return hideCard();
    const parts = [".finding-message", ".finding-suggestion"].map((part) => item.querySelector(part)?.cloneNode(true));
    card.replaceChildren(...parts.filter(Boolean));
    card.append(more(item));
    card.hidden = false;
    const within = root.getBoundingClientRect();
    const left = Math.min(box.left - within.left, within.width - card.offsetWidth);
    card.style.insetInlineStart = `${Math.max(0, left)}px`;
    const below = box.bottom + card.offsetHeight + 8 < innerHeight;
    card.style.insetBlockStart = `${(below ? box.bottom + 6 : box.top - card.offsetHeight - 6) - within.top}px`;
  }

  function more(item) {
    const line = document.createElement("p");
    line.className = "finding-do";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet-button";
    const dismiss = item.querySelector(".finding-dismiss");
    button.textContent = dismiss ? "Dismiss…" : "Show in the list";
    button.addEventListener("click", () => {
      hideCard();
      unfold(item);
      if (dismiss) dismiss.open = true;
      (dismiss?.querySelector("[name=reason]") ?? item.querySelector("a")).focus();
    });
    line.append(button);
    return line;
  }

  function unfold(item) {
    for (let up = item.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
    item.scrollIntoView({ block: "nearest" });
  }

  function hideCard() {
    clearTimeout(resting);
    if (card.contains(document.activeElement)) return;
    card.hidden = true;
  }

  let resting = 0;
  function restOn(key, boxOf) {
    clearTimeout(resting);
    if (!key) return card.matches(":hover") || (resting = setTimeout(hideCard, REST_MS));
    resting = setTimeout(() => {
      pointTo(key);
      const item = itemOf(key);
      if (item && isShown(item)) scrollWithin(item);
      showCard(key, boxOf());
    }, REST_MS);
  }

  // Only the panel scrolls for it, never the page.
  function scrollWithin(item) {
    if (panel.scrollHeight <= panel.clientHeight) return;
    const [inner, outer] = [item.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (inner.top < outer.top) panel.scrollTop += inner.top - outer.top - 8;
    else if (inner.bottom > outer.bottom) panel.scrollTop += inner.bottom - outer.bottom + 8;
  }

  const markIn = (element) => element?.closest?.("[data-found]");
  const boxOfKey = (key) => root.querySelector(`[data-found="${CSS.escape(key)}"]`)?.getBoundingClientRect();

  document.addEventListener("editor:caret", ({ detail }) => {
    if (marksAreHidden()) return;
    restOn(detail.finding, () => boxOfKey(detail.finding));
  });

  let seenAt = 0;
  root.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons || marksAreHidden() || event.timeStamp - seenAt < 60) return;
    seenAt = event.timeStamp;
    const inText = markIn(event.target);
    if (inText) return restOn(inText.dataset.found, () => inText.getBoundingClientRect());
    const one = event.target.closest(".prose, .why-question, .item-title") && rangeAt(event);
    restOn(one ? keyOf(one.item) : "", () => one.range.getBoundingClientRect());
  });
  root.addEventListener("click", (event) => {
    if (marksAreHidden() || event.target.closest("a, button, summary, input, textarea, .comments, .finding-card")) return;
    const one = !markIn(event.target) && event.target.closest(".prose, .why-question, .item-title") && rangeAt(event);
    if (!one || !getSelection().isCollapsed) return;
    pointTo(keyOf(one.item));
    showCard(keyOf(one.item), one.range.getBoundingClientRect());
  });

  function rangeAt({ clientX, clientY }) {
    const at = document.caretPositionFromPoint?.(clientX, clientY);
    return at && ranges.find(({ range }) => range.isPointInRange(at.offsetNode, at.offset));
  }

  // From a finding to its words: there its text opens for writing, with the words selected

  function opener(place) {
    const named = document.querySelector(`[data-opens="${CSS.escape(formOf(place))}"]`);
    if (isShown(named)) return named;
    const around = document.getElementById(formOf(place));
    return around?.querySelector(".cm-content, [data-opens]:not([data-comment], [hidden])") ?? null;
  }

  function go(item, isToWrite) {
    const place = item.dataset.finding;
    const key = keyOf(item);
    const range = pointTo(key);
    const plain = fieldOf(place);
    const isTold = isShown(item); // then no card has to say it again
    if (isTold) scrollWithin(item);
    if (written()?.select(place, key)) return isTold || showCard(key, boxOfKey(key));
    if (plain) return selectIn(plain, item);
    const there = range?.startContainer.parentElement ?? document.getElementById(anchorOf(item));
    there?.scrollIntoView({ block: "center" });
    const control = opener(place);
    if (item.dataset.words !== undefined && control?.dataset.opens === formOf(place)) {
      wanted = { place, key, item };
      if (isToWrite) return control.click();
    }
    control?.focus({ preventScroll: true });
    if (range && !isTold) showCard(key, range.getBoundingClientRect());
  }

  const anchorOf = (item) => item.querySelector(".finding-words a")?.hash.slice(1);

  function fieldOf(place) {
    const form = root.querySelector(`form[data-keep="${CSS.escape(formOf(place))}"]`);
    const [kind] = splitPlace(place);
    const names = kind === "section" ? { text: kind } : (PLAIN[ITEM_OF[kind] ?? kind] ?? {});
    const name = Object.keys(names).find((one) => names[one] === kind);
    const field = name && form?.elements.namedItem(name);
    return field && !field.disabled ? field : null;
  }

  function selectIn(field, { dataset: { words } }) {
    wanted = null;
    field.focus();
    const at = field.value.indexOf(words ?? "");
    if (words && at >= 0) field.setSelectionRange(at, at + words.length);
  }

  // Who goes on elsewhere wants nothing selected there later.
  document.addEventListener("pointerdown", () => (wanted = null), true);
  panel.addEventListener("click", (event) => {
    const link = event.target.closest(".finding-words a");
    const item = link?.closest("li.finding");
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(item, Boolean(panel.dataset.check));
  });
  panel.addEventListener("pointerover", (event) => {
    const item = event.target.closest("li.finding");
    if (item) pointTo(keyOf(item));
  });
  panel.addEventListener("focusin", (event) => {
    const item = event.target.closest("li.finding");
    if (item) pointTo(keyOf(item));
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && !card.hidden) {
      card.hidden = true;
      if (card.contains(document.activeElement)) itemOf(current)?.querySelector("a")?.focus();
      return;
    }
    if (event.key !== "F8" || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = items();
    if (!all.length) return;
    event.preventDefault();
    const now = all.findIndex((item) => keyOf(item) === current);
    const next = event.shiftKey ? (now < 0 ? all.length : now) - 1 : now + 1;
    go(all[(next + all.length) % all.length], false);
  });

  // Hiding the marks on this device

  const HIDDEN = `debrief-marks:${root.dataset.person}`;
  const toggle = () => document.getElementById("findings-marks");
  const marksAreHidden = () => document.documentElement.classList.contains("marks-hidden");

  function hideMarks(are) {
    document.documentElement.classList.toggle("marks-hidden", are);
    toggle().hidden = false;
    toggle().textContent = are ? "Show the marks in the text" : "Hide the marks in the text";
    if (are) hideCard();
  }

  panel.addEventListener("click", (event) => {
    if (event.target !== toggle()) return;
    hideMarks(!marksAreHidden());
    try {
      if (marksAreHidden()) localStorage.setItem(HIDDEN, "1");
      else localStorage.removeItem(HIDDEN);
    } catch {
      // Then it holds for this page.
    }
  });
  try {
    hideMarks(localStorage.getItem(HIDDEN) !== null);
  } catch {
    hideMarks(false);
  }

  mark();
})();
