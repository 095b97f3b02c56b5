// What the page says and does when the server closes the door for good.
import { address } from "./page.js";
import { open } from "./places_open.js";
import { notice } from "./notices.js";
import { copy, reconnect, state } from "./session.js";

const SIGNED_OUT = 4401;
const NO_ACCESS = 4404;
const TOO_LONG = 4413;
let told = 0;

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
    notice(`This text is too long to be saved. ${where} Take the long part out of here, then leave it out:`, [
      { text: "Leave out what is not saved", act: leaveOut },
    ]);
  } else {
    notice(`This page has to be loaded again to go on. ${where} What you see here that is not saved yet, copy first.`, [
      { text: "Reload", act: () => location.reload() },
    ]);
  }
}

async function leaveOut() {
  await copy.remove();
  location.reload();
}

// Who signed in again in another tab comes back to this one.
addEventListener("focus", () => {
  if (state().closedWith === SIGNED_OUT) reconnect();
});
