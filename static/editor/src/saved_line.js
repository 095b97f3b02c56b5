// What the state line says about the text that is written together (js/editor/saved_state.js shows it).
import { state } from "./session.js";

const QUIET_MS = 600; // "Saved" returns when typing pauses, not between two keys
const NO_ANSWER_MS = 5000;

let unsavedSince = 0;
let lastUnsaved = 0;
let again;

export function sayState() {
  clearTimeout(again);
  const now = performance.now();
  const { unsaved } = state();
  if (unsaved) {
    unsavedSince ||= now;
    lastUnsaved = now;
    again = setTimeout(sayState, NO_ANSWER_MS + 50);
  } else if (lastUnsaved && now - lastUnsaved < QUIET_MS) {
    again = setTimeout(sayState, QUIET_MS);
    return;
  } else {
    unsavedSince = lastUnsaved = 0;
  }
  const [words, kind] = wordsFor(state(), unsavedSince ? now - unsavedSince : 0);
  document.dispatchEvent(new CustomEvent("editor:state", { detail: { source: "text", words, kind } }));
}

/** Words and kind: "saved", "saving", "unsaved", "offline" or "problem"; no words where there is nothing to say. */
export function wordsFor({ connected, everSynced, unsaved, kept, keeping, closedWith }, waited) {
  const where = kept ? `${keeping ? "being " : ""}kept on this device` : "and not kept on this device: leave this page open";
  if (closedWith && unsaved) return [`Not saved, ${where}`, "problem"];
  if (closedWith === 4401) return ["Signed out", "problem"];
  if (closedWith) return ["Not connected", "problem"];
  if (connected && !unsaved) return ["Saved", "saved"];
  if (connected) return waited < NO_ANSWER_MS ? ["Saving…", "saving"] : [`Not saved yet, ${where}`, "unsaved"];
  if (unsaved) return [`Offline, ${where}`, kept ? "offline" : "problem"];
  if (!everSynced) return ["", ""];
  return [kept ? "Offline. What you write is kept on this device" : "Offline", "offline"];
}
