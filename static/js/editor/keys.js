// The editor's keys: Ctrl or Cmd with Enter saves, Escape leaves what is unchanged, Alt with an arrow moves a why, a factor or an action.
"use strict";
(() => {
  const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
  const TIMED = /^\W{0,4}(?:\d{4}-\d{2}-\d{2}|\d{1,2}[:.h]\d{2})/;

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const form = event.target.closest?.("form[data-keep]");
    const typing = event.target.matches?.("textarea, input, select");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[type=submit].is-primary") ?? form.querySelector("[type=submit]"));
    } else if (form && event.key === "Escape" && form.dataset.dirty === undefined) {
      form.querySelector("[data-cancel]")?.click();
    } else if (form?.matches(".event-form") && event.key === "Enter" && !event.shiftKey && typing) {
      enterInRow(event, form);
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && !typing && event.key in MOVES) {
      const line = event.target.closest?.("[data-why], [data-moves]");
      if (!line) return;
      event.preventDefault();
      line.querySelector(`button[value="${MOVES[event.key]}"]:not(:disabled)`)?.click();
    }
  });

  // Enter goes through the row field by field and adds the row from its last one.
  function enterInRow(event, form) {
    const text = form.elements.namedItem("text");
    if (event.target.matches("select") && !text.value.trim()) return;
    event.preventDefault();
    if (event.target === text || text.value.trim()) form.requestSubmit();
    else if (event.target.name === "time" && !event.target.value.trim()) event.target.focus();
    else text.focus();
  }

  // Many lines pasted into the empty row become a preview.
  document.addEventListener("paste", (event) => {
    const form = event.target.closest?.('form[data-keep="event-new"]');
    if (!form || !["time", "text"].includes(event.target.name) || event.target.value.trim()) return;
    const lines = event.clipboardData.getData("text/plain");
    if (lines.split("\n").filter((line) => TIMED.test(line.trim())).length < 2) return;
    const opener = document.getElementById("timeline-paste");
    const put = () => {
      const field = document.getElementById("paste-lines");
      if (!field) return;
      field.value = lines;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.form.requestSubmit(field.form.querySelector('[name="preview"]'));
    };
    event.preventDefault();
    if (!opener) return put();
    document.addEventListener("htmx:afterSettle", put, { once: true });
    opener.click();
  });
})();
