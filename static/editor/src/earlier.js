// A review's document may be made anew, after a backup was restored for example. What this device kept of an earlier
// one cannot be merged into it; what no server has of that is offered as text, the rest is removed.
import { applyUpdate, Doc } from "yjs";
import { guid, person, review } from "./page.js";
import { nameOf, offerTexts } from "./kept_texts.js";
import { doc } from "./session.js";

const WORDS = "Text from before the document was made anew is kept on this device:";
const DISCARDED = "discarded:";

/** Looks through the device, once this page has what the server has. */
export async function offerEarlier() {
  for (const copy of await deviceCopies.all()) {
    if (copy.person !== String(person.pk) || copy.review !== review || copy.guid === guid) continue;
    const left = await deviceCopies.unsaved(copy.name);
    const texts = left ? await textsOf(copy.name).catch(() => null) : [];
    if (left === undefined || !texts) continue; // another time
    if (texts.length) offer(copy.name, texts);
    else await deviceCopies.remove(copy.name);
  }
}

function offer(name, texts) {
  const waiting = new Set(texts.map(({ key }) => key));
  const discard = async (key) => {
    waiting.delete(key);
    if (waiting.size) await sayDiscarded(name, key);
    else await deviceCopies.remove(name);
  };
  offerTexts(
    WORDS,
    texts.map(({ key, place, text }) => ({ name: nameOf(place), text, discard: () => discard(key) })),
  );
}

/** The texts of a copy that differ from those that stand here, without those that were discarded before. */
async function textsOf(name) {
  const db = await deviceCopies.open(name);
  try {
    const said = new Map(await deviceCopies.entries(db, "custom"));
    const earlier = new Doc();
    for (const [, update] of await deviceCopies.entries(db, "updates")) applyUpdate(earlier, update);
    const texts = [...earlier.share.keys()].map((key) => ({ key, place: key, text: earlier.getText(key).toString() }));
    for (const [key, { place, text }] of said) if (key.startsWith("left-out:")) texts.push({ key, place, text });
    return texts.filter(({ key, place, text }) => !said.has(DISCARDED + key) && text.trim() && text !== here(place));
  } finally {
    db.close();
  }
}

const here = (place) => (doc.share.has(place) ? doc.getText(place).toString() : "");

async function sayDiscarded(name, key) {
  const db = await deviceCopies.open(name);
  const change = db.transaction(["custom"], "readwrite");
  change.objectStore("custom").put(true, DISCARDED + key);
  await new Promise((done) => (change.oncomplete = change.onabort = done));
  db.close();
}
