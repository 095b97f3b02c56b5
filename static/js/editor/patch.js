// Brings a part of the page up to date where it stands: only what differs is touched. What somebody here is using (open
// forms, editors, Undo lines that still count) is neither changed nor moved, so that focus, caret and scrolling stay.
"use strict";
const patching = (() => {
  const USED = [
    "form[data-keep]",
    "form[hx-encoding]",
    "[data-undo]:not(.is-past)",
    ".writing",
    ".writing-area",
    "[data-live-editor]",
    ".kept-offer",
    ".kept-texts",
    ".part-people",
    ".editor-notice",
    "#saved-state",
    "#people-here",
  ].join();
  const KEPT_ATTRIBUTES = new Set(["open", "data-fading", "data-dirty", "data-by"]);
  const OWN_CLASSES = ["is-changed", "is-folded-away"];
  // An open form, or an editor, stands in these instead of what they show otherwise.
  const GIVES_WAY = "li.item, li.event, .why-line, div[data-text]";
  const TAKES_OVER = ":scope > :is(.writing, form[data-keep])";

  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
  const hasFocus = (element) => element.contains(document.activeElement);

  function isUsed(element) {
    if (!element.matches(USED)) return false;
    return !element.closest(".comments") || element.dataset.dirty !== undefined || hasFocus(element) || element.matches(".is-new");
  }

  function keyOf(node) {
    if (!isElement(node)) return "";
    if (node.matches("form")) return `form ${node.dataset.keep ?? node.getAttribute("id") ?? node.getAttribute("action")}`;
    return node.id;
  }

  const shapeOf = (node) => (isElement(node) ? `${node.tagName} ${shownClasses(node)}` : node.nodeName);
  const shownClasses = (element) =>
    [...element.classList].filter((name) => !OWN_CLASSES.includes(name) && !name.startsWith("htmx-")).join(" ");

  /** Makes `old` read as `fresh`; returns {added, changed}: elements that came, and those in which something changed. */
  function patch(old, fresh) {
    const notes = { added: [], changed: new Set(), old };
    patchElement(old, fresh, notes);
    return notes;
  }

  function patchElement(old, fresh, notes) {
    if (isUsed(old)) return;
    patchAttributes(old, fresh);
    if (old.matches(GIVES_WAY) && old.querySelector(TAKES_OVER)) return;
    patchChildren(old, fresh, notes);
  }

  function patchAttributes(old, fresh) {
    for (const { name, value } of fresh.attributes) {
      if (name !== "class" && name !== "hx-swap-oob" && !(name === "open") && old.getAttribute(name) !== value) {
        old.setAttribute(name, value);
      }
    }
    for (const { name } of [...old.attributes]) {
      const isOurs = KEPT_ATTRIBUTES.has(name) || name === "class" || (name === "hidden" && leadsToOpen(old));
      if (!isOurs && !fresh.hasAttribute(name)) old.removeAttribute(name);
    }
    if (shownClasses(old) === shownClasses(fresh)) return;
    const own = [...old.classList].filter((name) => OWN_CLASSES.includes(name));
    old.className = fresh.className;
    old.classList.add(...own);
  }

  function leadsToOpen(opener) {
    const name = opener.dataset.opens && CSS.escape(opener.dataset.opens);
    return Boolean(name) && document.querySelector(`form[data-keep="${name}"], [data-text="section:${name}"] .writing`) !== null;
  }

  function patchChildren(old, fresh, notes) {
    const pairs = pair(old, fresh, notes);
    const stay = new Set(pairs.values());
    for (const node of [...old.childNodes]) {
      if (!stay.has(node) && drop(node) && isElement(node)) notes.changed.add(old);
    }
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      while (at && !stay.has(at)) at = at.nextSibling;
      const match = pairs.get(next);
      if (!match) {
        const made = document.importNode(next, true);
        old.insertBefore(made, at);
        if (isElement(made)) notes.added.push(made);
        continue;
      }
      if (match === at) at = at.nextSibling;
      else if (match.parentNode === old && isElement(match) && hasFocus(match)) at = match.nextSibling;
      else move(old, match, at);
      if (isElement(match)) patchElement(match, next, notes);
      else if (match.data !== next.data) {
        if (match.data.trim() !== next.data.trim()) notes.changed.add(old);
        match.data = next.data;
      }
    }
  }

  /** Which of the present nodes becomes which of the fresh ones. */
  function pair(old, fresh, notes) {
    const known = new Map();
    const waiting = new Map();
    for (const node of old.childNodes) {
      const key = keyOf(node);
      if (key) known.set(key, node);
      else if (!isElement(node) || !isUsed(node)) {
        const shape = shapeOf(node);
        if (!waiting.has(shape)) waiting.set(shape, []);
        waiting.get(shape).push(node);
      }
    }
    const pairs = new Map();
    for (const node of fresh.childNodes) {
      const key = keyOf(node);
      const match = key ? (known.get(key) ?? elsewhere(node, notes)) : waiting.get(shapeOf(node))?.shift();
      if (match && match.nodeName === node.nodeName) pairs.set(node, match);
    }
    return pairs;
  }

  /** An item that moved to another list takes along what stands open in it. */
  function elsewhere(node, { old }) {
    const found = node.matches("li[id]") && document.getElementById(node.id);
    return found && old.contains(found) ? found : undefined;
  }

  function move(parent, node, before) {
    if (parent.moveBefore && node.isConnected && isElement(node)) parent.moveBefore(node, before);
    else parent.insertBefore(node, before);
  }

  /** Takes away what nobody is using; true where something went. */
  function drop(node) {
    if (!isElement(node) || (!isUsed(node) && !used(node).length)) {
      node.remove();
      return true;
    }
    if (isUsed(node)) return false;
    return [...node.childNodes].map(drop).includes(true);
  }

  const used = (element) => [...element.querySelectorAll(USED)].filter(isUsed);

  return { patch };
})();
