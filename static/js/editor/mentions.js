// "@" in a comment offers the people whom the comment can tell: a listbox below the field, worked by keys.
"use strict";
(() => {
  const root = document.querySelector("[data-editor]");
  if (!root) return;
  const FIELDS = ".comment-form textarea";
  const BEGUN = /(?<![\p{L}\p{N}_.@/+-])@([\p{L}\p{N}_.-]*)$/u;
  const ASK_AFTER_MS = 80;

  const list = document.createElement("ul");
  list.id = "mentions";
  list.className = "mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People");
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({ target }) => choose(target.closest("[role=option]")));

  let field = null; // whose names are offered
  let asking = null;
  let later = 0;
  let dismissed = null; // what was begun when Escape closed the list

  /** What was begun before the caret: {from, words}; null where nothing was. */
  function begunIn(area) {
    if (area.selectionStart !== area.selectionEnd) return null;
    const found = BEGUN.exec(area.value.slice(0, area.selectionStart));
    return found && { from: found.index, words: found[1] };
  }

  function close() {
    clearTimeout(later);
    asking?.abort();
    asking = null;
    list.remove();
    for (const name of ["aria-haspopup", "aria-controls", "aria-activedescendant"]) field?.removeAttribute(name);
    field = null;
  }

  async function offer(area) {
    const begun = begunIn(area);
    if (!begun) return close();
    asking?.abort();
    const mine = (asking = new AbortController());
    const found = await ask(begun.words, mine.signal);
    if (mine !== asking || document.activeElement !== area || begunIn(area)?.words !== begun.words) return;
    if (!found?.length) close();
    else show(area, found);
  }

  async function ask(q, signal) {
    try {
      const address = `/drafts/${root.dataset.review}/names?${new URLSearchParams({ q, for: "comment" })}`;
      const response = await fetch(address, { signal });
      return response.ok && !response.redirected ? (await response.json()).people : null;
    } catch {
      return null; // away, or no longer asked
    }
  }

  function show(area, people) {
    field = area;
    list.replaceChildren(
      ...people.map(({ username, name }, at) => {
        const option = document.createElement("li");
        option.id = `mention-${at}`;
        option.dataset.username = username;
        option.setAttribute("role", "option");
        const hint = document.createElement("span");
        hint.className = "hint";
        hint.append(`@${username}`);
        option.append(name, " ", hint);
        return option;
      }),
    );
    area.after(list);
    area.setAttribute("aria-haspopup", "listbox");
    area.setAttribute("aria-controls", list.id);
    point(list.firstElementChild);
  }

  const pointed = () => list.querySelector("[aria-selected=true]");

  function point(option) {
    for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = [...list.children];
    point(all[(all.indexOf(pointed()) + by + all.length) % all.length]);
  }

  function choose(option) {
    const area = field;
    const begun = area && option && begunIn(area);
    if (!begun) return;
    const username = option.dataset.username;
    close();
    const after = /^\s/.test(area.value.slice(area.selectionEnd)) ? "" : " ";
    area.setRangeText(`@${username}${after}`, begun.from, area.selectionEnd, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.(FIELDS)) return;
    clearTimeout(later);
    const begun = begunIn(target);
    if (!begun || begun.words !== dismissed) dismissed = null;
    if (!begun) close();
    else if (dismissed === null) later = setTimeout(() => offer(target), ASK_AFTER_MS);
  });

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => choose(pointed()),
    Tab: () => choose(pointed()),
    Escape: () => {
      dismissed = begunIn(field)?.words ?? null;
      close();
    },
  };
  // Before the page's own keys, for which Escape leaves the form.
  document.addEventListener(
    "keydown",
    (event) => {
      if (!field || event.target !== field || event.isComposing || !Object.hasOwn(keys, event.key)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    },
    true,
  );
  document.addEventListener("focusout", ({ target }) => target === field && close());
  document.addEventListener("selectionchange", () => {
    if (field && document.activeElement === field && !begunIn(field)) close();
  });
})();
