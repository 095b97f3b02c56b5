// Comments: selected words offer one, commented words are marked, keys walk the threads, and what others say comes in
// without touching what is being typed.
"use strict";
(() => {
  const root = document.querySelector("[data-editor]");
  if (!root) return;
  const ITEMS = "li[id^=event-], li[id^=why-], li[id^=factor-], li[id^=action-]";
  const LONGEST = 2000;
  const AGAIN_MS = 300;
  let marked = []; // [{thread, range}]
  let current = ""; // the thread that was pointed to last
  let pending = null;

  // Where a text stands, and of which place a text is

  function textOf(place) {
    const [kind, key] = place.split(":");
    if (kind === "section") return document.querySelector(`[data-text="${place}"]`)?.querySelector(".prose, .cm-content");
    const item = document.getElementById(`${kind}-${key}`);
    return (kind === "why" ? item?.querySelector(":scope > .why-line") : item)?.querySelector(".prose, .cm-content");
  }

  function placeOf(element) {
    if (!element || element.closest(".comments")) return "";
    const item = element.closest(ITEMS);
    if (item) return item.id.replace("-", ":");
    const written = element.closest("[data-text]")?.dataset.text;
    if (written) return written;
    const part = element.closest("[data-part]")?.dataset.part ?? "";
    return root.querySelector(`[data-comment="section:${part}"]`) ? `section:${part}` : part;
  }

  const elementOf = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node);

  /** What is selected in one text: {place, quote, before}; null where nothing is, or it reaches over several texts. */
  function selected() {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const text = elementOf(range.commonAncestorContainer)?.closest(".prose, .cm-content");
    const place = placeOf(text);
    const quote = selection.toString().trim();
    if (!text || !place || !root.contains(text) || !quote || quote.length > LONGEST) return null;
    if (!root.querySelector(`[data-comment="${place}"]`)) return null;
    return { place, range, quote: quote.replace(/\s+/g, " "), before: passages.countBefore(text, range) };
  }

  // Beginning a comment

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button comment-selection";
  button.textContent = "Comment";
  button.title = "Ctrl Alt M";
  button.hidden = true;
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", () => begin(selected()));
  root.append(button);

  function offer() {
    const found = selected();
    button.hidden = !found;
    if (!found) return;
    const box = found.range.getBoundingClientRect();
    const within = root.getBoundingClientRect();
    const room = root.querySelector(".editor-body").getBoundingClientRect().right - within.left;
    const left = Math.min(box.right - within.left, room - button.offsetWidth);
    button.style.insetInlineStart = `${Math.max(0, left)}px`;
    button.style.insetBlockStart = `${box.bottom - within.top + 4}px`;
  }

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    if (getSelection()?.isCollapsed) button.hidden = true;
    else waiting = setTimeout(offer, 150);
  });

  function begin(about) {
    const opener = about && root.querySelector(`[data-comment="${about.place}"]`);
    if (!opener) return;
    pending = about.quote ? about : null;
    button.hidden = true;
    opener.click();
  }

  function fillQuote() {
    const form = pending && root.querySelector(`form[data-keep="comment-on-${pending.place.replace(":", "-")}"]`);
    if (!form) return;
    const quote = form.elements.namedItem("quote");
    if (quote) quote.value = pending.quote;
    form.elements.namedItem("before").value = pending.before;
    pending = null;
  }

  // Marks on commented words, without touching the text

  const threads = () => [...root.querySelectorAll("[data-thread]:not([data-resolved])")];

  function mark() {
    const counts = new Map();
    marked = [];
    for (const thread of threads()) {
      const { place, words, before } = thread.dataset;
      counts.set(place, (counts.get(place) ?? 0) + thread.querySelectorAll(".comment").length);
      const text = words && textOf(place);
      const range = text && passages.rangeOf(text, words, Number(before));
      if (range) marked.push({ thread, range });
    }
    for (const link of root.querySelectorAll("[data-commented]")) count(link, counts.get(link.dataset.commented) ?? 0);
    CSS.highlights?.set("commented", new Highlight(...marked.map((one) => one.range)));
    pointTo(current);
  }

  function count(link, number) {
    link.hidden = !number;
    const first = root.querySelector(`[data-place="${link.dataset.commented}"]:not([data-resolved]) .comment`);
    if (first) link.href = `#${first.id}`;
    link.firstChild.data = `${number} comment${number === 1 ? "" : "s"}`;
  }

  function pointTo(thread) {
    current = thread;
    const one = marked.find((some) => some.thread.dataset.thread === thread);
    CSS.highlights?.set("comment-current", one ? new Highlight(one.range) : new Highlight());
    return one;
  }

  let again = 0;
  const markSoon = () => {
    clearTimeout(again);
    again = setTimeout(mark, AGAIN_MS);
  };
  new MutationObserver((changes) => {
    if (changes.some((change) => elementOf(change.target)?.closest(".prose, [data-text], .part"))) markSoon();
  }).observe(root, { childList: true, subtree: true, characterData: true });

  for (const name of ["focusin", "mouseover"]) {
    root.addEventListener(name, (event) => {
      const thread = event.target.closest?.("[data-thread]");
      if (thread) pointTo(thread.dataset.thread);
    });
  }

  // From words to their thread and back

  function show(comment) {
    if (!comment) return;
    for (let up = comment.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
    comment.focus({ preventScroll: true });
    comment.scrollIntoView({ block: "nearest" });
    pointTo(comment.closest("[data-thread]").dataset.thread);
  }

  root.addEventListener("click", (event) => {
    const quote = event.target.closest("[data-passage]");
    if (quote) {
      const one = pointTo(quote.closest("[data-thread]").dataset.thread);
      if (!one) return;
      event.preventDefault();
      elementOf(one.range.startContainer).scrollIntoView({ block: "center" });
      return;
    }
    if (event.target.closest("a, button, .comments, .cm-content") || !getSelection().isCollapsed) return;
    const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const one = at && marked.find((some) => some.range.isPointInRange(at.offsetNode, at.offset));
    if (one) show(one.thread.querySelector(".comment"));
  });

  function step(by) {
    const all = threads();
    if (!all.length) return;
    const here = document.activeElement;
    const now = all.findIndex((thread) => thread.contains(here));
    const follows = (thread) => here.compareDocumentPosition(thread) & Node.DOCUMENT_POSITION_FOLLOWING;
    const after = all.findIndex((thread) => !thread.contains(here) && follows(thread));
    const next = now >= 0 ? now + by : by > 0 ? after : (after < 0 ? all.length : after) - 1;
    show(all[(next + all.length) % all.length].querySelector(".comment"));
  }

  const singleKeys = () => !document.documentElement.classList.contains("keys-off");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey && event.altKey && event.code === "KeyM") {
      event.preventDefault();
      begin(selected() ?? { place: placeOf(document.activeElement) });
      return;
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !singleKeys()) return;
    if (event.key === "n" || event.key === "p") {
      event.preventDefault();
      step(event.key === "n" ? 1 : -1);
    }
  });

  const showHash = () => {
    if (location.hash.startsWith("#comment-")) show(document.getElementById(location.hash.slice(1))?.closest(".comment"));
  };
  addEventListener("hashchange", showHash);

  // Blocks of comments are swapped alone, or with their part: forms in use, what is unfolded and the focus stay.

  const kept = new Map();

  function setAside(block) {
    const active = block.contains(document.activeElement) ? document.activeElement : null;
    const used = (form) => form.dataset.dirty !== undefined || form.matches(".is-new") || form.contains(active);
    const forms = [...block.querySelectorAll("form[data-keep]")].filter(used);
    kept.set(block.id, {
      block,
      active,
      activeId: active?.id,
      selection: active?.matches("textarea") ? [active.selectionStart, active.selectionEnd] : null,
      open: [...block.querySelectorAll("details[id][open]")].map((one) => one.id),
      forms: forms.map((form) => ({ form, within: form.closest(".comment")?.id })),
    });
    for (const form of forms) form.remove();
  }

  function putBack(id) {
    const { active, activeId, selection, open, forms } = kept.get(id);
    kept.delete(id);
    for (const one of open) document.getElementById(one)?.setAttribute("open", "");
    for (const { form, within } of forms) {
      const fresh = document.querySelector(`form[data-keep="${CSS.escape(form.dataset.keep)}"]`);
      if (fresh) fresh.replaceWith(form);
      else (document.getElementById(within) ?? document.getElementById(id)).append(form);
    }
    const focus = active?.isConnected ? active : document.getElementById(activeId);
    focus?.focus({ preventScroll: true });
    if (selection && focus === active) active.setSelectionRange(...selection);
  }

  function putAllBack() {
    for (const [id, { block }] of [...kept]) if (!block.isConnected && document.getElementById(id)) putBack(id);
    // Whoever else put a form back knows parts only.
    for (const form of root.querySelectorAll(".part > .comment-form")) {
      const own = form.dataset.keep.startsWith("comment-on-") ? null : document.getElementById(form.dataset.keep);
      const active = form.contains(document.activeElement) ? document.activeElement : null;
      (own ?? form.closest(".part").querySelector(".comments")).append(form);
      active?.focus({ preventScroll: true });
    }
    markSoon();
  }

  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    if (detail.target?.dataset?.comments) setAside(detail.target);
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const block = detail.shouldSwap && detail.target.matches?.(".part") && detail.target.querySelector(".comments");
    if (block) setAside(block);
  });
  document.addEventListener("editor:refreshed", markSoon);
  document.addEventListener("htmx:oobAfterSwap", putAllBack);
  document.addEventListener("htmx:afterSettle", () => {
    fillQuote();
    putAllBack();
  });

  mark();
  addEventListener("load", showHash);
})();
