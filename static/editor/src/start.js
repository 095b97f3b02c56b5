// Begins writing together.
import { sayClosing } from "./closing.js";
import { offerEarlier } from "./earlier.js";
import { openForms } from "./forms.js";
import { beginPresence } from "./presence.js";
import { sayState } from "./saved_line.js";
import { openSection, renderStale, takeOverForms } from "./sections.js";
import { begin, state, whenMet } from "./session.js";
import { offerLeftOut } from "./too_long.js";

function whenChanged() {
  sayState();
  sayClosing();
  if (state().connected && !state().unsaved) renderStale();
}

// The listener stands before htmx's own, which is on the link itself.
function openInPlace(event) {
  const opener = event.target.closest?.("a[data-opens]");
  if (!opener || opener.dataset.asForm !== undefined) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!document.querySelector(`[data-text="section:${opener.dataset.opens}"]`)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  openSection(opener).then((opened) => opened || openAsForm(opener));
}

function openAsForm(opener) {
  opener.dataset.asForm = "";
  opener.click();
  delete opener.dataset.asForm;
}

export function start() {
  let given = false; // up, by whoever signs out and says so
  document.addEventListener("device:cleared", () => (given = true));
  addEventListener("beforeunload", (event) => {
    if (!given && state().unsaved && (!state().kept || state().keeping)) event.preventDefault();
  });

  document.addEventListener("click", openInPlace, true);
  document.addEventListener("htmx:afterSettle", openForms);
  beginPresence();
  begin(whenChanged).then(() => {
    openForms();
    takeOverForms();
    offerLeftOut();
    whenMet.then(offerEarlier);
  });
}
