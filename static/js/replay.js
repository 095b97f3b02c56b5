// The replay of an incident: arrows walk, and a note is kept while it is typed.
"use strict";
(() => {
  const root = document.querySelector("[data-replay]");
  if (!root) return;
  const PAUSE_MS = 600;
  const form = root.querySelector(".replay-form");
  const note = form?.elements.note;
  const state = document.getElementById("note-state");
  let timer = 0;
  let kept = note?.value;

  document.getElementById("now")?.focus({ preventScroll: true });
  (form ?? document.getElementById("now"))?.scrollIntoView({ block: "nearest" });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, dialog")) return;
    const way = { ArrowRight: "[data-next]", ArrowLeft: "[data-back]" }[event.key];
    const control = way && root.querySelector(way);
    if (!control) return;
    event.preventDefault();
    control.click();
  });

  async function keep() {
    const text = note.value;
    if (text === kept) return;
    const body = new FormData(form);
    try {
      const headers = { "X-Requested-With": "fetch" };
      const response = await fetch(form.action, { method: "POST", body, headers, credentials: "same-origin" });
      if (response.status !== 204) throw new Error(response.status);
      kept = text;
      state.textContent = "Kept, for you alone.";
    } catch {
      state.textContent = "Not kept yet. It is tried again as you go on.";
    }
  }

  note?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  let isSent = false;
  form?.addEventListener("submit", () => {
    clearTimeout(timer);
    isSent = true;
  });
  addEventListener("beforeunload", (event) => {
    if (note && !isSent && note.value !== kept) event.preventDefault();
  });
})();
