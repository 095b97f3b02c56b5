// The checker beside the text: asks about what stands on the page as one types, leads from a finding to its words, and
// dismisses.
"use strict";
(() => {
  const root = document.querySelector("[data-editor]");
  const panel = document.getElementById("findings");
  if (!findingMarks) return;
  const PAUSE_MS = 100; // after the last letter
  const LONGEST_MS = 200; // for one who types on
  const TIMES_AS_LONG = 4; // where answers take long: the server has other work
  const OTHERS_MS = 3000; // for what others write
  const TOGETHER_MS = 1000; // between two questions while others write: their letters go first
  const AGAIN_MS = 100;
  const { items, keyOf, mark, pointTo, showCard } = findingMarks;
  const { formOf, openField, opener } = findingPlaces;
  const written = () => globalThis.writtenTexts;

  // Asking

  let timer = 0;
  let firstTyped = 0;
  let askedAt = -Infinity;
  let tookMs = 0; // the last answer
  let othersAt = -Infinity; // when somebody else last wrote
  let asking = false;
  let again = false;

  const plainTexts = () =>
    [...findingPlaces.typedFields()]
      .map(([place, { value }]) => [place, value])
      .filter(([place, text]) => text.trim() || !/:(new|below)/.test(place));
  const isTyping = () => Boolean(panel.dataset.check) && (written()?.places().length > 0 || plainTexts().length > 0);

  function askSoon(pause = PAUSE_MS) {
    if (!panel.dataset.check) return;
    const now = performance.now();
    firstTyped ||= now;
    const longest = firstTyped + Math.max(LONGEST_MS, TIMES_AS_LONG * tookMs);
    const earliest = now - othersAt < OTHERS_MS ? askedAt + TOGETHER_MS : now;
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(0, earliest - now, Math.min(pause, longest - now)));
  }

  // Whoever writes it is told at once, on their page.
  function askForOthers() {
    othersAt = performance.now();
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
    const texts = written()?.gather() ?? {};
    askedAt = performance.now();
    try {
      const body = JSON.stringify({ texts: { ...texts, ...Object.fromEntries(plainTexts()) } });
      const response = await post(panel.dataset.check, body, "application/json");
      if (response.ok && !response.redirected) bringIn(await response.text(), texts);
    } catch {
      // Without a connection nothing is found; the next letter asks again.
    } finally {
      tookMs = performance.now() - askedAt;
      asking = false;
      if (again) askSoon();
    }
  }

  function post(address, body, type) {
    const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") };
    if (type) headers["Content-Type"] = type;
    return fetch(address, { method: "POST", body, headers, credentials: "same-origin" });
  }

  function bringIn(html, texts) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const part of fresh.querySelectorAll("[hx-swap-oob]")) {
      const old = document.getElementById(part.id);
      if (old) patching.patch(old, part);
    }
    const next = fresh.getElementById("findings");
    if (next) show(next, texts);
  }

  function show(next, texts) {
    patching.patch(panel, next);
    findingMarks.keepHidden();
    mark(texts);
    if (wanted && written()?.select(wanted.place, keyOf(wanted.item))) wanted = null;
  }

  document.addEventListener("editor:written", ({ detail }) => {
    if (detail.isOwn) askSoon();
    else if (detail.isOpening) ask();
    else askForOthers();
  });
  root.addEventListener("input", (event) => {
    if (event.target.closest("form[data-keep]") && !event.target.closest(".comments")) askSoon();
  });

  // Every answer about a part brings the findings in what is stored, and rows lag behind what is being typed.
  globalThis.findingsPanel = {
    bringIn(next) {
      if (isTyping()) askSoon(0);
      else show(next);
    },
  };
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    if (detail.target !== panel) return;
    detail.shouldSwap = false;
    findingsPanel.bringIn(detail.fragment.querySelector("#findings"));
  });

  let soon = 0;
  function markSoon() {
    clearTimeout(soon);
    soon = setTimeout(mark, AGAIN_MS);
  }
  document.addEventListener("htmx:afterSettle", () => {
    const field = wanted && openField(wanted.place);
    if (field) selectIn(field, wanted.item);
    markSoon();
    if (isTyping()) askSoon(0);
  });
  document.addEventListener("editor:refreshed", markSoon);
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
      bringIn(await response.text());
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
  const focusReason = ({ target }) => target.matches(".finding-dismiss[open]") && target.querySelector("[name=reason]").focus();
  panel.addEventListener("toggle", focusReason, true);

  const say = (words, kind = "saved") =>
    document.dispatchEvent(new CustomEvent("editor:state", { detail: { source: "parts", words, kind } }));

  // From a finding to its words: there its text opens for writing, with the words selected

  let wanted = null; // {place, item}: to be selected once its text stands open

  function go(item, isToWrite) {
    const place = item.dataset.finding;
    const range = pointTo(keyOf(item));
    const isTold = findingMarks.showInPanel(item); // then no card has to say it again
    if (written()?.select(place, keyOf(item))) return isTold || showCard(keyOf(item));
    if (openField(place)) return selectIn(openField(place), item);
    const there = range?.startContainer.parentElement ?? document.getElementById(formOf(place));
    there?.scrollIntoView({ block: "center" });
    const control = opener(place);
    if (item.dataset.words !== undefined && control?.dataset.opens === formOf(place)) {
      wanted = { place, item };
      if (isToWrite) return control.click();
    }
    control?.focus({ preventScroll: true });
    if (range && !isTold) showCard(keyOf(item));
  }

  function selectIn(field, { dataset: { words } }) {
    wanted = null;
    field.focus();
    const at = words ? field.value.indexOf(words) : -1;
    if (at >= 0) field.setSelectionRange(at, at + words.length);
  }

  // Who goes on elsewhere wants nothing selected there later.
  document.addEventListener("pointerdown", () => (wanted = null), true);
  panel.addEventListener("click", (event) => {
    const item = event.target.closest(".finding-words a")?.closest("li.finding");
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(item, Boolean(panel.dataset.check));
  });
  for (const name of ["pointerover", "focusin"]) {
    panel.addEventListener(name, (event) => {
      const item = event.target.closest("li.finding");
      if (item) pointTo(keyOf(item));
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = items();
    if (!all.length || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const now = all.findIndex((item) => keyOf(item) === findingMarks.current());
    const next = event.shiftKey ? (now < 0 ? all.length : now) - 1 : now + 1;
    go(all[(next + all.length) % all.length], false);
  });

  // Beside the text it stands open; as a line above it, it opens when asked.
  const isWide = matchMedia("(width >= 76rem)");
  const unfold = () => (document.getElementById("findings-fold").open = isWide.matches);
  isWide.addEventListener("change", unfold);
  if (isWide.matches) unfold();
  mark();
})();
