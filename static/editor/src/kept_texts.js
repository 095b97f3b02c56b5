// Texts that only this device holds, or only this window: offered to be read, copied and given up.
import { make, root } from "./page.js";
import { partOf } from "./places.js";

const SHOWN = 20_000; // characters; a copy has all of them
const blocks = new Map();

/**
 * Offers `texts` [{name, text, discard}] under `words`: in the part of `place`, or above all parts. Parts that htmx swaps
 * keep it.
 */
export function offerTexts(words, texts, place = "") {
  const block = make("div", "kept-texts notice");
  const list = make("ul");
  block.append(make("p", "", words), list);
  block.setAttribute("role", place ? "alert" : "status");
  list.append(...texts.map((text) => entry(text, block)));
  blocks.set(block, place);
  attach(block, place);
}

/** What a place is called here: "Impact", "a factor", "an answer". */
export function nameOf(place) {
  const [kind] = place.split(":");
  if (kind !== "section") return { factor: "A factor", why: "An answer" }[kind] ?? place;
  return partHead(place)?.querySelector("h1, h2")?.textContent ?? partOf(place);
}

const partHead = (place) => document.querySelector(`#${CSS.escape(partOf(place))} > .part-head`);

function attach(block, place) {
  const head = place && partHead(place);
  if (head) head.after(block);
  else root.querySelector(".editor-body").prepend(block);
}

document.addEventListener("htmx:afterSettle", () => {
  for (const [block, place] of blocks) if (!block.isConnected) attach(block, place);
});

function entry({ name, text, discard }, block) {
  const item = make("li");
  const shown = make("pre", "", text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
  shown.hidden = true;
  shown.tabIndex = 0;
  shown.setAttribute("aria-label", name);
  const show = button("Show", name, () => {
    shown.hidden = !shown.hidden;
    show.setAttribute("aria-expanded", String(!shown.hidden));
    show.firstChild.data = shown.hidden ? "Show" : "Hide";
  });
  show.setAttribute("aria-expanded", "false");
  const copy = button("Copy", name, async () => {
    copy.firstChild.data = (await toClipboard(text)) ? "Copied" : "Not copied: show it, and copy it from there";
  });
  const away = button("Discard", name, async () => {
    await discard();
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    if (next) next.querySelector("button").focus();
    else forget(block);
  });
  const size = `${text.length.toLocaleString("en")} characters`;
  item.append(make("span", "kept-name", name), make("span", "hint", size), show, copy, away, shown);
  return item;
}

function button(words, about, act) {
  const made = make("button", "button is-quiet", words);
  made.type = "button";
  made.append(make("span", "visually-hidden", ` ${about}`));
  made.addEventListener("click", act);
  return made;
}

function forget(block) {
  const part = block.closest(".part");
  blocks.delete(block);
  block.remove();
  (part?.querySelector(".cm-content") ?? document.getElementById(`${part?.id}-edit`))?.focus();
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // refused, or not over HTTPS
  }
}
