// On a phone the checklist is a line that opens: it closes again once a place was chosen, or with Escape.
"use strict";
(() => {
  const opened = (event) => event.target.closest?.(".checklist[open]");

  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".checklist a")) opened(event)?.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    const list = event.key === "Escape" && opened(event);
    if (!list) return;
    list.removeAttribute("open");
    list.querySelector("summary").focus();
  });
})();
