// What the page says about itself: which review, who writes, where the live process is.
export const root = document.querySelector("[data-editor]");

const said = root?.dataset ?? {};

export const review = said.review;
export const person = { pk: Number(said.person), name: said.personName, color: Number(said.personColor) % 8 || 0 };
export const live = said.live;
export const guid = said.guid;
export const title = said.reviewTitle ?? "";
/** Characters that fit into one text. */
export const longest = Number(said.longest) || Infinity;
/** Where the script is that makes Markdown of HTML. */
export const richPaste = said.richPaste;
export const zone = said.zone || "UTC";
export const address = `/drafts/${review}/`;

/** The token against forged requests, as htmx sends it. */
export function forgeryHeaders() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers")) ?? {};
  } catch {
    return {};
  }
}

/** Text as an element: `make("p", "hint", "words")`. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
