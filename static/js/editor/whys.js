// The five whys by keyboard: one line at a time has the focus (Tab goes in and on, arrows go through the lines), lines
// fold on this device, Tab in a new question takes it further in, and question words begin one.
"use strict";
(() => {
  const root = document.querySelector("[data-editor]");
  if (!root) return;
  const LINES = ".why-line[data-why]";
  const CONTROLS = "a[href], button, summary, select, input:not([type=hidden])";
  const FOLDS = "debrief-folded";
  const REVIEWS_KEPT = 40;
  const mine = `${root.dataset.person}:${root.dataset.review}`;

  const part = () => document.getElementById("whys");
  const items = () => [...(part()?.querySelectorAll("li.why") ?? [])];
  const isAway = (line) => line.parentElement.classList.contains("is-folded-away");
  const lines = () => [...(part()?.querySelectorAll(LINES) ?? [])].filter((line) => !isAway(line));
  const lineOf = (key) => document.getElementById(`why-${key}-line`);
  const keyOf = (item) => item.id.slice("why-".length);
  const depthOf = (item) => Number(item.dataset.depth);
  const ownLine = (item) => item.querySelector(":scope > .why-line");
  const foldOf = (item) => item.querySelector(":scope > .why-line > .why-fold");

  // Folding, remembered on this device

  let folded = new Set(stored().find(([name]) => name === mine)?.[1] ?? []);

  function stored() {
    try {
      const found = JSON.parse(localStorage.getItem(FOLDS));
      return Array.isArray(found) ? found.filter(Array.isArray) : [];
    } catch {
      return [];
    }
  }

  function remember() {
    const others = stored().filter(([name]) => name !== mine);
    const kept = folded.size ? [[mine, [...folded]], ...others] : others;
    try {
      localStorage.setItem(FOLDS, JSON.stringify(kept.slice(0, REVIEWS_KEPT)));
    } catch {
      // It holds until the page is left.
    }
  }

  function showFolds() {
    let hidingBelow = Infinity;
    for (const item of items()) {
      const depth = depthOf(item);
      if (depth <= hidingBelow) hidingBelow = Infinity;
      const away = depth > hidingBelow;
      item.classList.toggle("is-folded-away", away);
      const fold = foldOf(item);
      const isFolded = Boolean(fold) && folded.has(keyOf(item));
      fold?.setAttribute("aria-expanded", String(!isFolded));
      if (isFolded && !away) hidingBelow = depth;
    }
  }

  function setFolded(item, isFolded) {
    if (isFolded) folded.add(keyOf(item));
    else folded.delete(keyOf(item));
    remember();
    showFolds();
    if (isFolded && lineOf(current)?.closest(".is-folded-away")) setCurrent(keyOf(item));
  }

  const isFolded = (item) => foldOf(item)?.getAttribute("aria-expanded") === "false";

  function parentOf(item) {
    const all = items();
    for (let at = all.indexOf(item) - 1; at >= 0; at -= 1) {
      if (depthOf(all[at]) < depthOf(item)) return all[at];
    }
    return null;
  }

  function reveal(item) {
    if (!item?.matches("li.why") || !item.matches(".is-folded-away")) return;
    for (let above = parentOf(item); above; above = parentOf(above)) folded.delete(keyOf(above));
    remember();
    showFolds();
  }

  // One line is where Tab comes to; its own buttons follow, those of the others do not

  let current = "";
  let order = [];

  function takeTab(line, isCurrent) {
    line.tabIndex = isCurrent ? 0 : -1;
    for (const control of line.querySelectorAll(CONTROLS)) {
      if (isCurrent) control.removeAttribute("tabindex");
      else control.tabIndex = -1;
    }
  }

  function setCurrent(key) {
    if (key === current) return;
    const [before, after] = [lineOf(current), lineOf(key)];
    current = key;
    if (before) takeTab(before, false);
    if (after) takeTab(after, true);
  }

  /** The line that had the focus, or the nearest of those that stood beside it. */
  function nearest() {
    const at = order.indexOf(current);
    const near = at < 0 ? [] : [...order.slice(at), ...order.slice(0, at).reverse()];
    return near.find((key) => lineOf(key)) ?? lines()[0]?.dataset.why ?? "";
  }

  function refresh() {
    if (!part()) return;
    showFolds();
    current = nearest();
    order = items().map(keyOf);
    reveal(document.getElementById(`why-${current}`));
    for (const line of part().querySelectorAll(LINES)) takeTab(line, line.dataset.why === current);
  }

  function go(line) {
    if (!line) return;
    line.focus();
    line.scrollIntoView({ block: "nearest" });
  }

  root.addEventListener("focusin", ({ target }) => {
    const line = target.closest(LINES);
    if (line) setCurrent(line.dataset.why);
  });

  // Keys

  const press = (line, what) => document.getElementById(`why-${line.dataset.why}-${what}`)?.click();
  const step = (line, by) => {
    const all = lines();
    return all[all.indexOf(line) + by];
  };

  const onLine = {
    Enter: (line) => press(line, line.querySelector(":scope > .why-answer") ? "below" : "edit"),
    e: (line) => press(line, "edit"),
    c: (line) => press(line, "cite"),
    F2: (line) => press(line, "edit"),
    Delete: (line) => press(line, "delete"),
    ".": (line) => press(line, "root"),
    Home: () => go(lines()[0]),
    End: () => go(lines().at(-1)),
    ArrowRight(line, item) {
      if (isFolded(item)) return setFolded(item, false);
      const next = step(line, 1);
      if (next && depthOf(next.closest("li")) > depthOf(item)) go(next);
    },
    ArrowLeft(line, item) {
      if (foldOf(item) && !isFolded(item)) return setFolded(item, true);
      const above = parentOf(item);
      if (above) go(ownLine(above));
    },
  };
  const anywhere = {
    ArrowDown: (line) => go(step(line, 1)),
    ArrowUp: (line) => go(step(line, -1)),
  };
  const SINGLE = /^[a-z.]$/;
  const singleKeys = () => !document.documentElement.classList.contains("keys-off");

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (key === "Tab" && target.matches('.why-form:not([data-text]) [name="question"]')) return nest(event);
    if (key === "Escape" && target.closest(".why-form")) target.closest(".why-form").dataset.leaves = "";
    const line = target.closest(LINES);
    if (!line || event.shiftKey || target.matches("select, input, textarea, [contenteditable]")) {
      if (line && key === "Escape") go(line);
      return;
    }
    const act = (target === line && onLine[key]) || anywhere[key];
    if (act && (singleKeys() || !SINGLE.test(key))) {
      event.preventDefault();
      act(line, line.closest("li"));
    } else if (key === "Escape" && target !== line) {
      const choices = target.closest("details[open]");
      if (choices) choices.open = false;
      go(line);
    }
  });

  root.addEventListener("click", ({ target }) => {
    const fold = target.closest(".why-fold");
    if (fold) setFolded(fold.closest("li"), fold.getAttribute("aria-expanded") === "true");
    const link = target.closest('a[href^="#why-"]');
    if (link) reveal(document.getElementById(link.hash.slice(1)));
    const starter = target.closest("[data-starter]");
    if (starter) begin(starter);
  });

  // A new question: Tab takes it below the last question of its level, Shift with Tab beside the one that it is below.
  // Where there is no such place, and after Escape, Tab goes on as everywhere.

  function nest(event) {
    const form = event.target.form;
    if (form.dataset.leaves !== undefined) return;
    const above = form.closest("li.why");
    const to = event.shiftKey ? outwards(above) : inwards(above);
    if (to === undefined) return;
    event.preventDefault();
    place(form, to);
  }

  const outwards = (above) => (above ? parentOf(above) : undefined);

  function inwards(above) {
    const depth = above ? depthOf(above) + 1 : 0;
    const all = items();
    let last;
    for (const item of above ? all.slice(all.indexOf(above) + 1) : all) {
      if (depthOf(item) < depth) break;
      if (depthOf(item) === depth) last = item;
    }
    return last;
  }

  function place(form, above) {
    const field = form.elements.namedItem("question");
    const { selectionStart, selectionEnd } = field;
    const before = form.dataset.keep;
    const now = above ? `why-below-${keyOf(above)}` : "why-new";
    if (above) reveal(above);
    if (above && isFolded(above)) setFolded(above, false);
    form.querySelector('[name="below"]')?.remove();
    if (above) {
      const below = document.createElement("input");
      Object.assign(below, { type: "hidden", name: "below", value: keyOf(above) });
      form.append(below);
    }
    rename(form, before, now);
    form.dataset.keep = now;
    form.querySelector("[data-cancel]").dataset.focus = above ? `why-${keyOf(above)}-line` : "whys-add";
    const question = above?.querySelector(":scope > .why-line .why-question")?.textContent.trim();
    form.querySelector(".why-place").textContent = above ? `Below “${question}”` : "A first question";
    if (above) ownLine(above).after(form);
    else document.getElementById("whys-acts").after(form);
    field.focus();
    field.setSelectionRange(selectionStart, selectionEnd);
    form.scrollIntoView({ block: "nearest" });
    if (form.dataset.dirty === undefined) return;
    try {
      localStorage.removeItem(`debrief:${mine}:${before}`);
    } catch {
      // What cannot be reached was not kept either.
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function rename(form, before, now) {
    for (const name of ["id", "for", "aria-describedby"]) {
      for (const element of form.querySelectorAll(`[${name}]`)) {
        element.setAttribute(name, element.getAttribute(name).replaceAll(`${before}-`, `${now}-`));
      }
    }
  }

  function begin(starter) {
    const field = starter.closest("form").elements.namedItem("question");
    const known = [...starter.parentElement.children].map((one) => one.dataset.starter);
    const said = known.find((words) => field.value.startsWith(words)) ?? "";
    field.value = starter.dataset.starter + field.value.slice(said.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  // The buttons of all lines belong to one form; each says where it goes.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const submitter = detail.triggeringEvent?.submitter;
    if (detail.elt.id === "whys-acts" && submitter?.hasAttribute("formaction")) {
      detail.path = submitter.getAttribute("formaction");
    }
  });

  // The part came anew

  document.addEventListener("htmx:afterSwap", refresh);
  document.addEventListener("editor:refreshed", refresh);
  document.addEventListener("htmx:afterSettle", () => {
    const list = document.activeElement?.closest(".cite-form fieldset");
    list?.querySelector("[type=search]")?.focus();
  });
  // Before the focus goes to a line that is folded away.
  document.addEventListener(
    "editor:saved",
    ({ detail }) => reveal(document.getElementById(detail.focus ?? "")?.closest("li.why")),
    true,
  );
  addEventListener("hashchange", () => reveal(document.getElementById(location.hash.slice(1))));
  refresh();
  reveal(document.getElementById(location.hash.slice(1))?.closest("li.why"));
})();
