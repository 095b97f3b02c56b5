// What others change on this review comes in while one works: the stream of events says which parts changed, each is
// asked for again and brought up to date where it stands. Where the stream does not come through, the page asks itself.
"use strict";
(() => {
  const root = document.querySelector("[data-editor]");
  if (!root?.dataset.events) return;
  const address = `/drafts/${root.dataset.review}/`;
  const me = Number(root.dataset.person);
  const PART_EVERY_MS = 300;
  const TEXT_EVERY_MS = 1500;
  const ASK_EVERY_MS = 10_000;
  const PAGE = "page";
  const COMMENTS = "comments";

  const partOf = (name) => document.getElementById(name);
  const asOf = (part) => Number(part?.dataset.asOf ?? 0);
  const parts = () => [...root.querySelectorAll(".part[data-part]")];

  let seen = Math.min(...parts().map(asOf));
  const heard = new Set();
  let texts = Number(root.dataset.texts);
  let source = null;
  let isHealthy = false;
  let isOver = false;

  // What has to be asked for

  const wanted = new Map(); // name of a part -> {id, by, isText, due, at, busy, timer}
  const inFlight = new Map(); // requests of the person, which bring their part anew themselves
  let composing = false;

  function hear(notice) {
    const isOwn = notice.person === me;
    if (notice.id) {
      if (heard.has(notice.id)) return;
      heard.add(notice.id);
      seen = Math.max(seen, notice.id);
      if (!isOwn) liveWords.say(notice);
    }
    for (const name of notice.parts) want(name, notice, isOwn);
    if (!isOwn) liveWords.tellChanged(notice);
  }

  function want(name, { id, by }, isOwn) {
    if (name === "recurrence" && !isOwn) document.getElementById("before")?.dispatchEvent(new Event("before:changed"));
    if (name !== PAGE && name !== COMMENTS && !partOf(name)) return;
    if (id && asOf(partOf(name)) >= id) return;
    if (!id && partOf(name)?.querySelector(".writing")) return;
    if (!wanted.has(name)) wanted.set(name, { id: 0, by: "", at: -TEXT_EVERY_MS });
    const one = wanted.get(name);
    // Text that is being written can wait a little; a change that waits already cannot.
    one.isText = !id && (!one.due || one.isText);
    one.id = Math.max(one.id, id ?? 0);
    if (id) one.by = isOwn ? "" : by;
    one.due = true;
    schedule(name);
  }

  function schedule(name) {
    const one = wanted.get(name);
    if (!one?.due || one.busy || isOver) return;
    clearTimeout(one.timer);
    const pause = one.isText ? TEXT_EVERY_MS : PART_EVERY_MS;
    const wait = Math.max(30, one.at + pause - performance.now());
    one.timer = setTimeout(() => refresh(name), wait);
  }

  const isDisturbed = (name) => composing || [...inFlight.values()].some((part) => part === name || name === PAGE);

  async function refresh(name) {
    const one = wanted.get(name);
    if (isDisturbed(name)) return; // asked again when that is over
    if (one.id && name !== PAGE && name !== COMMENTS && asOf(partOf(name)) >= one.id) {
      one.due = false;
      return;
    }
    Object.assign(one, { busy: true, due: false, timer: 0, at: performance.now() });
    try {
      const fresh = await ask(addressOf(name), name !== PAGE);
      if (!fresh) return;
      if (isDisturbed(name)) one.due = true;
      else bringIn(name, fresh, one);
    } catch {
      one.due = true;
      one.at = performance.now() + 2000;
    } finally {
      one.busy = false;
      schedule(name);
    }
  }

  function addressOf(name) {
    if (name === PAGE) return address;
    // The form of a part that is one form: asked for as it stands, open.
    const isOpen = isOneForm(name) ? "edit" : "part";
    return `${address}?${isOpen}=${name}`;
  }

  const isOneForm = (name) => Boolean(partOf(name)?.querySelector(`form[data-keep="${name}"], form[hx-encoding]`));

  async function ask(where, isPart) {
    const response = await fetch(where, { headers: isPart ? { "HX-Request": "true" } : {}, credentials: "same-origin" });
    if (response.status === 403 || response.status === 404) {
      catchUp();
      return null;
    }
    if (!response.ok) throw new Error(response.status);
    if (response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  // Bringing it in

  function bringIn(name, fresh, one) {
    steadily(() => {
      if (name === PAGE) {
        for (const part of parts()) bringInPart(part.id, fresh, one);
        const bar = fresh.querySelector(".editor-bar");
        if (bar) patching.patch(root.querySelector(".editor-bar"), bar);
        bringInById("outline", fresh);
        bringInById("findings", fresh);
      } else {
        if (name === "findings") bringInById(name, fresh);
        else if (name !== COMMENTS) bringInPart(name, fresh, one);
        for (const other of fresh.querySelectorAll("[hx-swap-oob]")) bringInById(other.id, fresh);
      }
    });
    document.dispatchEvent(new CustomEvent("editor:refreshed", { detail: { name } }));
  }

  function bringInPart(name, fresh, one) {
    const old = partOf(name);
    const next = fresh.getElementById(name);
    if (!old || !next || asOf(next) < asOf(old)) return;
    if (isOneForm(name) && !next.querySelector("form[data-keep], form[hx-encoding]")) {
      want(name, { id: asOf(next), by: one.by });
      return;
    }
    const ids = new Set([...next.querySelectorAll("li[id]")].map((item) => item.id));
    const notes = patching.patch(old, next);
    htmx.process(old);
    if (one.id && one.by) liveWords.mark(notes, one.by);
    liveWords.tellDeleted(old, ids, one.by);
  }

  function bringInById(id, fresh) {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (!old || !next) return;
    if (id === "findings") return findingsPanel.bringIn(next);
    patching.patch(old, next);
    htmx.process(old);
  }

  // Not while the person does something that a change would disturb

  const pursue = () => [...wanted.keys()].forEach(schedule);

  document.addEventListener("compositionstart", () => (composing = true));
  document.addEventListener("compositionend", () => {
    composing = false;
    setTimeout(pursue);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target.matches(".part")) inFlight.set(detail.xhr, detail.target.id);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (inFlight.delete(detail.xhr)) setTimeout(pursue, 50);
  });
  // An answer that was made before the last change shows less than was there.
  document.addEventListener("htmx:afterSettle", () => {
    for (const [name, one] of wanted) {
      if (one.id && partOf(name) && asOf(partOf(name)) < one.id) one.due = true;
    }
    pursue();
  });

  // Hearing of it

  function connect() {
    source?.close();
    source = null;
    isHealthy = false;
    if (document.hidden || isOver) return;
    source = new EventSource(root.dataset.events, { withCredentials: true });
    source.addEventListener("ready", () => {
      isHealthy = true;
      catchUp();
    });
    source.addEventListener("changed", (event) => hear(JSON.parse(event.data)));
    source.addEventListener("gone", end);
    source.addEventListener("error", () => (isHealthy = false));
  }

  async function catchUp() {
    try {
      const response = await fetch(`${address}missed?since=${seen}`, { credentials: "same-origin" });
      if (response.status === 403 || response.status === 404) return end();
      if (!response.ok || response.redirected) return;
      const said = await response.json();
      said.changed.forEach(hear);
      if (said.texts !== texts) hear({ id: null, parts: [PAGE] });
      texts = said.texts;
    } catch {
      // Asked again in a while.
    }
  }

  function end() {
    if (isOver) return;
    isOver = true;
    source?.close();
    if (root.querySelector(".editor-notice")) return;
    const line = document.createElement("p");
    line.className = "notice is-warning editor-notice";
    line.setAttribute("role", "alert");
    line.textContent = "You no longer take part in this review. What others write does not come in any more, and nothing more is saved.";
    root.querySelector(".editor-bar").append(line);
  }

  setInterval(() => {
    if (document.hidden || isHealthy || isOver) return;
    catchUp();
    if (source?.readyState === EventSource.CLOSED) connect();
  }, ASK_EVERY_MS);
  document.addEventListener("visibilitychange", connect);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
})();
