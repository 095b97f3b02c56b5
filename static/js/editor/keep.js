// Keeps on this device what is being typed until the server has said that it is saved, and offers it after a reload.
"use strict";
(() => {
  const root = document.querySelector("[data-editor]");
  if (!root) return;
  const prefix = `debrief:${root.dataset.person}:${root.dataset.review}:`;
  const waiting = new WeakMap();
  let refused = false;
  let given = false; // up, by whoever signs out and says so

  const keyOf = (form) => prefix + form.dataset.keep;

  function valuesOf(form) {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrfmiddlewaretoken" && typeof value === "string") (values[name] ??= []).push(value);
    }
    return values;
  }

  function stored(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Storage that cannot be reached holds nothing either.
    }
  }

  function store(form) {
    clearTimeout(waiting.get(form));
    if (given) return;
    try {
      localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values: valuesOf(form) }));
      refused = false;
    } catch {
      refused = true;
    }
  }

  function keep(form) {
    store(form);
    document.dispatchEvent(new CustomEvent("editor:typed", { detail: { kept: !refused } }));
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-keep]");
    if (!form || !event.target.name) return;
    form.dataset.dirty = "";
    clearTimeout(waiting.get(form));
    waiting.set(
      form,
      setTimeout(() => form.dataset.dirty !== undefined && keep(form), 300),
    );
  });
  function keepAll() {
    if (given) return;
    for (const form of document.querySelectorAll("form[data-keep][data-dirty]")) keep(form);
  }
  addEventListener("pagehide", keepAll);
  document.addEventListener("device:signing-out", keepAll);
  document.addEventListener("device:cleared", () => (given = true));
  addEventListener("beforeunload", (event) => {
    if (!given && refused && document.querySelector("form[data-keep][data-dirty]")) event.preventDefault();
  });

  // A form that was refused, or only previewed, is about to be replaced by one with the same text.
  document.addEventListener("editor:unsaved", (event) => store(event.detail.form));
  // A form is saved: its copy goes. `editor:done` comes from swaps.js.
  document.addEventListener("editor:done", (event) => {
    const form = event.detail.form;
    clearTimeout(waiting.get(form));
    delete form.dataset.dirty;
    forget(keyOf(form));
  });
  // A page that is sent as a whole cannot tell; the page that follows can.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form && root.dataset.review === "new") {
      keep(form);
      sessionStorage.setItem("debrief:sent", keyOf(form));
    }
  });

  function fill(form, values) {
    for (const field of form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken") continue;
      const given = values[field.name] ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
      else if (field.name in values) field.value = given[0] ?? "";
    }
    form.dataset.dirty = "";
    form.dispatchEvent(new CustomEvent("editor:filled", { bubbles: true }));
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function offer(name, copy) {
    const key = prefix + name;
    const form = document.querySelector(`form[data-keep="${CSS.escape(name)}"]`);
    if (form && same(valuesOf(form), copy.values)) return;
    const opener = document.querySelector(`[data-opens="${CSS.escape(name)}"]`);
    const place = form ?? opener?.closest("li, .part") ?? root;
    if (place.querySelector(":scope > .kept-offer")) return;
    const line = document.createElement("div");
    line.className = "kept-offer notice";
    line.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = `What you typed here on ${clock.day(new Date(copy.at))} was not saved. It is kept on this device.`;
    line.append(words);
    const button = (text, then) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button is-quiet";
      made.textContent = text;
      made.addEventListener("click", then);
      line.append(made);
    };
    if (form || opener) {
      button("Restore", () => {
        line.remove();
        restore(name, copy);
      });
    } else {
      const text = document.createElement("pre");
      text.textContent = Object.entries(copy.values)
        .filter(([field]) => !["revision", "base", "mine", "below", "zone", "version"].includes(field))
        .map(([, given]) => given.join(", "))
        .join("\n");
      line.append(text);
    }
    button("Discard", () => {
      forget(key);
      line.remove();
    });
    const head = place.querySelector(":scope > .part-head");
    if (head) head.after(line);
    else place.prepend(line);
  }

  function restore(name, copy) {
    const open = () => document.querySelector(`form[data-keep="${CSS.escape(name)}"]`);
    const take = () => {
      const form = open();
      if (!form) return;
      fill(form, copy.values);
      form.querySelector("textarea, input:not([type=hidden])")?.focus();
      document.dispatchEvent(new CustomEvent("editor:typed", { detail: { kept: true } }));
    };
    if (open()) return take();
    document.addEventListener("htmx:afterSettle", take, { once: true });
    const opener = document.querySelector(`[data-opens="${CSS.escape(name)}"]`);
    opener?.setAttribute("data-as-form", ""); // what is restored is compared with what stands there now
    opener?.click();
  }

  function offerAll(within) {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
      const name = key.slice(prefix.length);
      const copy = stored(key);
      if (!copy?.values) forget(key);
      else if (!within || within.includes(name)) offer(name, copy);
    }
  }

  // Cancelled by mistake? The copy is still there.
  document.addEventListener("editor:cancelled", (event) => offerAll([event.detail.name]));

  // What another person typed is shown to nobody else, and offered when that person comes back.
  function forgetOld() {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith("debrief:"))) {
      if (deviceCopies.isOld(stored(key)?.at)) forget(key);
    }
  }

  try {
    const sent = sessionStorage.getItem("debrief:sent");
    if (sent && root.dataset.review !== "new") {
      forget(sent);
      sessionStorage.removeItem("debrief:sent");
    }
    forgetOld();
    offerAll();
  } catch {
    refused = true;
  }
})();
