// Filters and their values offered while one types: a combobox with a list below it, by the ARIA pattern. Without this
// script the field is a plain one. A field says where to ask (data-completes) and, when it takes one kind of value
// only, which (data-kind).
"use strict";
(() => {
  const PAUSE_MS = 120;
  const fields = new WeakMap();

  function wordAt(field) {
    const kind = field.dataset.kind;
    if (kind) return { start: 0, end: field.value.length, text: kind + field.value };
    const before = field.value.slice(0, field.selectionStart ?? field.value.length);
    // A space within quotation marks belongs to the word.
    const text = before.match(/(?:"[^"]*"?|[^\s"])*$/)[0];
    const rest = field.value.slice(before.length).match(/^\S*/)[0];
    return { start: before.length - text.length, end: before.length + rest.length, text };
  }

  class Completion {
    constructor(field) {
      this.field = field;
      this.list = document.createElement("ul");
      this.list.id = `${field.id}-options`;
      this.list.className = "options";
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", "Suggestions");
      this.list.hidden = true;
      (field.closest(".completing") ?? field.parentElement).append(this.list);
      for (const [name, value] of Object.entries({
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": this.list.id,
      }))
        field.setAttribute(name, value);
      this.active = -1;
      this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.take(option);
      });
    }

    options() {
      return [...this.list.children];
    }

    typed() {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.ask(), PAUSE_MS);
    }

    // `lately`: in a field that is empty, what was searched for lately.
    async ask(lately = false) {
      const word = wordAt(this.field);
      this.asking?.abort();
      const any = word.text.replace(/^-/, "") || (lately && !this.field.value);
      if (!any || document.activeElement !== this.field) return this.close();
      this.asking = new AbortController();
      try {
        const address = `${this.field.dataset.completes}?${new URLSearchParams({ part: word.text })}`;
        const answer = await fetch(address, { signal: this.asking.signal, headers: { "HX-Request": "true" } });
        if (!answer.ok || answer.redirected) return this.close();
        this.show(await answer.text(), word);
      } catch {
        // Typed on meanwhile, or no connection: what is typed is searched for all the same.
      }
    }

    show(html, word) {
      if (document.activeElement !== this.field) return;
      this.list.innerHTML = html; // of our own server, escaped there
      const options = this.options();
      const kind = this.field.dataset.kind ?? "";
      for (const option of options) {
        option.id = `${this.list.id}-${options.indexOf(option)}`;
        const value = option.dataset.value;
        if (kind && value.startsWith(kind)) {
          option.dataset.value = value.slice(kind.length).replaceAll('"', "");
          option.querySelector(".option-value").textContent = option.dataset.value;
        }
      }
      if (options.length === 1 && options[0].dataset.value === word.text) options[0].remove();
      this.word = word;
      this.activate(-1);
      this.list.hidden = !this.list.children.length;
      this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    }

    close() {
      this.asking?.abort();
      clearTimeout(this.pause);
      this.list.hidden = true;
      this.list.replaceChildren();
      this.field.setAttribute("aria-expanded", "false");
      this.activate(-1);
    }

    activate(index) {
      const options = this.options();
      this.active = index;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
      if (index < 0) return this.field.removeAttribute("aria-activedescendant");
      this.field.setAttribute("aria-activedescendant", options[index].id);
      options[index].scrollIntoView({ block: "nearest" });
    }

    take(option) {
      const value = option.dataset.value;
      const goesOn = value.endsWith(":");
      const { start, end } = this.word;
      const space = goesOn || this.field.dataset.kind ? "" : " ";
      const after = this.field.value.slice(end).trimStart();
      this.field.setRangeText(value + space + after, start, this.field.value.length, "end");
      this.field.setSelectionRange(start + value.length + space.length, start + value.length + space.length);
      this.close();
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
      if (!goesOn) {
        clearTimeout(this.pause);
        this.asking?.abort();
      }
    }

    key(event) {
      const open = !this.list.hidden;
      const count = this.list.children.length;
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) return void this.ask(true);
        const by = event.key === "ArrowDown" ? 1 : -1;
        // Past either end nothing is chosen: the words as they were typed.
        this.activate(((this.active + 1 + by + count + 1) % (count + 1)) - 1);
      } else if (open && (event.key === "Enter" || event.key === "Tab") && this.active >= 0) {
        event.preventDefault();
        event.stopPropagation();
        this.take(this.options()[this.active]);
      } else if (open && event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (event.key === "Enter") this.close();
    }
  }

  function completionOf(target) {
    const field = target.closest?.("[data-completes]");
    if (!field) return null;
    if (!fields.has(field)) fields.set(field, new Completion(field));
    return fields.get(field);
  }

  document.addEventListener("focusin", (event) => completionOf(event.target));
  document.addEventListener("input", (event) => completionOf(event.target)?.typed());
  document.addEventListener("keydown", (event) => completionOf(event.target)?.key(event), true);
  document.addEventListener("focusout", (event) => completionOf(event.target)?.close());
  document.querySelectorAll("[data-completes]").forEach(completionOf);
  // Forms beside the search field send what stands in it now.
  document.addEventListener("submit", (event) => {
    for (const copy of event.target.querySelectorAll("[data-follows]")) {
      const field = document.getElementById(copy.dataset.follows);
      if (field) copy.value = field.value;
    }
  });
})();
