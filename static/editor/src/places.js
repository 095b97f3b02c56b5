// Places: what is written together, each with its text. "section:summary", "factor:12", "why:7".
import { doc } from "./session.js";

const APPEARS_MS = 3000;

/** The part of the page that shows a place: "summary", "factors", "whys"; other names stand for parts already. */
export function partOf(place) {
  const [kind, key] = place.split(":");
  return { section: key, factor: "factors", why: "whys" }[kind] ?? place;
}

/** A name for ids. */
export const idOf = (place) => `writing-${place.replace(":", "-")}`;

/** What a place on the page is called, and what the reader of it is told about it. */
export function describe(container) {
  return { title: container.dataset.title, prompt: container.dataset.prompt };
}

/**
 * The text of a place. One that shows words on the page, and is not in the document yet, is waited for; null where it
 * does not come.
 */
export async function textOf(place, hasWords) {
  if (hasWords && !doc.share.has(place) && !(await appears(place))) return null;
  const text = doc.getText(place);
  dropReturns(text);
  return text;
}

function appears(place) {
  return new Promise((resolve) => {
    const look = () => {
      if (!doc.share.has(place)) return;
      stop(true);
    };
    const late = setTimeout(() => stop(false), APPEARS_MS);
    const stop = (found) => {
      clearTimeout(late);
      doc.off("update", look);
      resolve(found);
    };
    doc.on("update", look);
  });
}

// Lines that end as on Windows end as everywhere; whoever else does the same at the same time removes the same signs.
function dropReturns(text) {
  const words = text.toString();
  if (!words.includes("\r")) return;
  doc.transact(() => {
    for (let at = words.length - 1; at >= 0; at -= 1) {
      if (words[at] === "\r") text.delete(at, 1);
    }
  });
}
