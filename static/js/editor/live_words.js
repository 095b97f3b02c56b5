// Says what others changed: a mark beside it for a moment, one line now and then for those who listen, and a word in the
// form of whoever is changing the same.
"use strict";
const liveWords = (() => {
  const root = document.querySelector("[data-editor]");
  const MARK_MS = 5000;
  const SAY_EVERY_MS = 3000;
  const DID = {
    add: "added",
    change: "changed",
    delete: "deleted",
    move: "moved",
    "undo-delete": "brought back",
    remove: "removed",
    set: "changed",
    cite: "cited",
    connect: "changed",
    disconnect: "changed",
  };
  const WHAT = {
    event: "an event",
    why: "a question",
    factor: "a factor",
    action: "an action",
    participant: "who takes part",
    visibility: "who may read it",
    facts: "the facts",
    causes: "the facts",
    attachment: "an attachment",
    evidence: "evidence",
  };
  const KIND = { event: "event", why: "question", factor: "factor", action: "action" };
  const ITEM = /^(event|why|factor|action)-(?:below-)?(\d+)$/;

  function sentence({ by, verb }) {
    const cut = verb.lastIndexOf("-");
    const did = DID[verb.slice(0, cut)];
    const what = WHAT[verb.slice(cut + 1)];
    if (what === WHAT.participant || what === WHAT.visibility) return `${by} changed ${what}.`;
    return did && what ? `${by} ${did} ${what}.` : `${by} changed this review.`;
  }

  // For those who listen

  const line = document.createElement("p");
  line.className = "visually-hidden";
  line.id = "live-said";
  line.setAttribute("role", "status");
  root?.append(line);
  let waiting = [];
  let pending = 0;
  let lastSaid = -SAY_EVERY_MS;

  function say(notice) {
    if (!notice.by || !notice.verb) return;
    const words = sentence(notice);
    if (!waiting.includes(words)) waiting.push(words);
    pending ||= setTimeout(flush, Math.max(200, lastSaid + SAY_EVERY_MS - performance.now()));
  }

  function flush() {
    pending = 0;
    lastSaid = performance.now();
    line.textContent = waiting.join(" ");
    waiting = [];
  }

  // For those who look

  const MARKED = "li[id], .facts-list > div, .people > li";
  const UNMARKED = ".row-do, .part-head, .comments, .intervals, .event-gap, .event-day, .prompt, form[id$=-acts]";

  function mark({ added, changed }, by) {
    for (const element of [...added, ...changed]) {
      const item = element.matches(UNMARKED) || element.closest(UNMARKED) ? null : element.closest(MARKED);
      if (item) markOne(item, by);
    }
  }

  const ending = new WeakMap();

  function markOne(item, by) {
    clearTimeout(ending.get(item));
    item.classList.add("is-changed");
    if (by) item.dataset.by = by;
    const end = () => {
      item.classList.remove("is-changed");
      delete item.dataset.by;
    };
    ending.set(item, setTimeout(end, MARK_MS));
  }

  // For who is changing the same

  function tellForm(name, words, action) {
    const form = document.querySelector(`form[data-keep="${CSS.escape(name)}"]`);
    if (!form) return;
    form.querySelector(":scope > .form-news")?.remove();
    if (!words) return;
    const news = document.createElement("div");
    news.className = "form-news notice is-warning";
    news.setAttribute("role", "status");
    const said = document.createElement("p");
    said.textContent = words;
    news.append(said);
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button is-quiet";
      button.textContent = action.words;
      button.addEventListener("click", () => action.act(form));
      news.append(button);
    }
    steadily(() => form.prepend(news));
  }

  function tellChanged({ by, verb, thing }) {
    const name = thing || (/-facts$|-causes$/.test(verb) ? "facts" : "");
    if (!name || !/^(change|set)-/.test(verb)) return;
    tellForm(name, `${by} changed this while you are editing it. Saving keeps what only one of you changed, and shows both values where you changed the same.`);
  }

  /** Tells of the forms in `part` whose item is gone, and forgets that where it is back. */
  function tellDeleted(part, ids, by) {
    for (const form of part.querySelectorAll("form[data-keep]")) {
      const item = ITEM.exec(form.dataset.keep);
      if (!item || form.closest(".comments")) continue;
      const [, kind, key] = item;
      const isGone = !ids.has(`${kind}-${key}`);
      if (isGone === (form.dataset.gone !== undefined)) continue;
      form.toggleAttribute("data-gone", isGone);
      const isBelow = form.dataset.keep.includes("below");
      const what = `This ${KIND[kind]}${isBelow ? "’s place" : ""} was deleted${by ? ` by ${by}` : ""} while you were editing it.`;
      const add = { words: `Add it as a new ${KIND[kind]}`, act: addAgain };
      tellForm(form.dataset.keep, isGone ? `${what} Your text is still here.` : "", add);
    }
  }

  function addAgain(form) {
    const area = form.querySelector(".writing-area");
    if (area) {
      // Its text was written together with others; now it goes with the form.
      const field = area.nextElementSibling?.matches("textarea") ? area.nextElementSibling : form.querySelector("textarea[hidden]");
      field.value = [...area.querySelectorAll(".cm-line")].map((one) => one.textContent).join("\n");
      field.hidden = field.disabled = false;
    }
    const target = form.getAttribute("action").replace(/\/\d+$/, "");
    for (const name of ["version", "below"]) form.querySelector(`input[name=${name}]`)?.remove();
    form.setAttribute("action", target);
    form.setAttribute("hx-post", target);
    htmx.process(form);
    form.requestSubmit(form.querySelector("[type=submit].is-primary") ?? undefined);
  }

  return { say, mark, tellChanged, tellDeleted };
})();
