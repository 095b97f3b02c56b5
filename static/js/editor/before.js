// What happened before, above the draft: asked for once the page stands, and again as the draft changes.
"use strict";
(() => {
  const panel = document.getElementById("before");
  if (!panel) return;
  const FIRST_MS = 400;
  const EVERY_MS = 20_000;
  let askedAt = -EVERY_MS;
  let timer = 0;

  function askIn(wait) {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }

  async function ask() {
    timer = 0;
    // Never while somebody reads with the keyboard in it, or has another tab before them.
    if (document.hidden || panel.matches(":focus-within")) return askIn(EVERY_MS);
    askedAt = performance.now();
    try {
      const response = await fetch(panel.dataset.similar, {
        headers: { "HX-Request": "true" },
        credentials: "same-origin",
      });
      if (!response.ok || response.redirected) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      if (panel.matches(":focus-within")) return askIn(EVERY_MS);
      const isOpen = panel.querySelector("details")?.open;
      panel.replaceChildren(...fresh.body.childNodes);
      const fold = panel.querySelector("details");
      if (fold && isOpen) fold.open = true;
      htmx.process(panel);
    } catch {
      // What stands there is a link to the same.
    }
  }

  document.addEventListener("editor:refreshed", () => {
    if (!timer) askIn(Math.max(FIRST_MS, askedAt + EVERY_MS - performance.now()));
  });
  panel.addEventListener("before:changed", () => askIn(FIRST_MS));
  askIn(FIRST_MS);
})();
