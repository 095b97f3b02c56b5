// What the page says and does when the server closes the door for good.
import { address } from "./page.js";
import { open } from "./places_open.js";
import { notice } from "./notices.js";
import { TOO_LONG } from "./counting_socket.js";
import { copy, goOn, reconnect, state } from "./session.js";
import { takeOutTooLong } from "./too_long.js";

const SIGNED_OUT = 4401;
const NOT_NOW = 4403;
const NO_ACCESS = 4404;
const OTHER_DOCUMENT = 4409;
const TAKEN_OUT_AT_MOST = 5; // times a visit; what is refused after that is refused for another reason
const reload = { text: "Reload", act: () => location.reload() };
let told = 0;
let takenOut = 0;

export function sayClosing() {
  const { closedWith, kept } = state();
  if (closedWith === told) return;
  told = closedWith;
  const where = kept ? "Your text is kept on this device." : "Your text is only in this window: leave it open.";
  if (!closedWith) notice("");
  else if (closedWith === SIGNED_OUT) {
    notice(`You are signed out. ${where} Sign in again, and it is saved.`, [
      { text: "Sign in", href: `/accounts/login/?next=${encodeURIComponent(address)}` },
    ]);
  } else if (closedWith === NO_ACCESS) {
    copy.remove();
    for (const { view } of open.values()) view.dom.remove();
    notice("You no longer have access to this draft, or it is gone. Its copy on this device was removed.");
  } else if (closedWith === TOO_LONG) {
    makeRoom(where);
  } else if (closedWith === OTHER_DOCUMENT) {
    const after = kept ? "What is not saved of it is offered after a reload." : "What is not saved of it, copy first.";
    notice(`The document of this review was made anew. ${where} ${after}`, [reload]);
  } else if (closedWith === NOT_NOW) {
    notice(`This review cannot be written just now; it may have been archived. ${where}`, [reload]);
  } else {
    notice(`This page has to be loaded again to go on. ${where} What you see here that is not saved yet, copy first.`, [
      reload,
    ]);
  }
}

async function makeRoom(where) {
  takenOut += 1;
  if (takenOut <= TAKEN_OUT_AT_MOST && (await takeOutTooLong({ again: takenOut > 1 }))) goOn();
  else notice(`What you wrote is too long to be saved. ${where} Copy the long part elsewhere, and delete it here.`, [
    { text: "Try again", act: tryAgain },
  ]);
}

function tryAgain() {
  takenOut = 0;
  goOn();
}

// Who signed in again in another tab comes back to this one.
addEventListener("focus", () => {
  if (state().closedWith === SIGNED_OUT) reconnect();
});
