// The server refused an edit because a text became too long. What made it so is taken out of the document and kept
// beside it, so that everything else that was written is saved.
import { createDecoder, readVarUint8Array } from "lib0/decoding";
import { createDeleteSetFromStructStore, decodeStateVector, tryGc } from "yjs";
import { nameOf, offerTexts } from "./kept_texts.js";
import { longest } from "./page.js";
import { copy, doc, provider, undoManagers } from "./session.js";

const SYNC = 0;
const STEP_1 = 0;
const PATIENCE_MS = 5000;
const TAKEN_OUT = {};

/**
 * Takes out what is too long, and offers it. Where no text is, what was deleted made the message too large: it is
 * forgotten, and `again` something else has to go. Resolves to whether that could be done.
 */
export async function takeOutTooLong({ again }) {
  const known = await serverKnows();
  if (!known) return false;
  const texts = [...doc.share.keys()].map((place) => ({ place, text: doc.getText(place) }));
  let out = texts.flatMap(({ place, text }) => tooLong(place, text, known));
  if (!out.length && again) out = largest(texts, known);
  const taken = takeOut(out);
  forgetDeleted();
  for (const one of taken) offer(one, await copy.leaveOut(one.place, one.text));
  return true;
}

/** Offers again what was taken out at an earlier visit. */
export async function offerLeftOut() {
  for (const [key, { place, text }] of await copy.leftOut()) offer({ place, text }, key);
}

// It tells everyone who comes what it holds, and waits for nothing.
function serverKnows() {
  return new Promise((resolve) => {
    const socket = new WebSocket(provider.url);
    socket.binaryType = "arraybuffer";
    const end = (known) => {
      resolve(known);
      socket.close();
    };
    setTimeout(() => end(null), PATIENCE_MS);
    socket.onclose = () => end(null);
    socket.onmessage = ({ data }) => {
      const bytes = new Uint8Array(data);
      if (bytes[0] !== SYNC || bytes[1] !== STEP_1) return;
      end(decodeStateVector(readVarUint8Array(createDecoder(bytes.subarray(2)))));
    };
  });
}

/** What stands in a text and the server does not have: [{place, text, index, length}], the longest first. */
function unsavedIn(place, text, known) {
  const found = [];
  let index = 0;
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !item.countable) continue;
    const saved = Math.max(0, (known.get(item.id.client) ?? 0) - item.id.clock);
    if (saved < item.length) found.push({ place, text, index: index + saved, length: item.length - saved });
    index += item.length;
  }
  return found.sort((one, other) => other.length - one.length);
}

function tooLong(place, text, known) {
  let { length } = text;
  return unsavedIn(place, text, known).filter((one) => {
    if (length <= longest) return false;
    length -= one.length;
    return true;
  });
}

// No text by itself, but more than one message holds.
const largest = (texts, known) =>
  texts
    .flatMap(({ place, text }) => unsavedIn(place, text, known))
    .sort((one, other) => other.length - one.length)
    .slice(0, 1);

function takeOut(ranges) {
  const inOrder = [...ranges].sort((one, other) => other.index - one.index);
  const taken = inOrder.map(({ place, text, index, length }) => ({
    place,
    text: text.toString().slice(index, index + length),
  }));
  doc.transact(() => inOrder.forEach(({ text, index, length }) => text.delete(index, length)), TAKEN_OUT);
  return taken;
}

function forgetDeleted() {
  for (const manager of undoManagers.values()) manager.clear(); // they would keep it in the document
  tryGc(createDeleteSetFromStructStore(doc.store), doc.store, () => true);
}

function offer({ place, text }, key) {
  const where = key ? "It is kept on this device:" : "It is only in this window: copy it before you leave.";
  const most = `at most ${longest.toLocaleString("en")} characters fit`;
  offerTexts(
    `What was written here was too long to be saved (${most}), and was taken out. ${where}`,
    [{ name: nameOf(place), text, discard: () => key && copy.discardLeftOut(key) }],
    place,
  );
}
