// The published review: a link is copied where one presses it, and the ribbon zooms around its middle and by + and -.
"use strict";
(() => {
  const SAID_MS = 2000;

  document.addEventListener("click", async (event) => {
    const anchor = event.target.closest?.("a.anchor");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !navigator.clipboard) return;
    try {
      await navigator.clipboard.writeText(anchor.href);
    } catch {
      return; // the address bar has it as well
    }
    say(anchor);
  });

  function say(anchor) {
    document.querySelector(".anchor-said")?.remove();
    const said = document.createElement("span");
    said.className = "anchor-said";
    said.setAttribute("role", "status");
    anchor.after(said);
    said.textContent = "Link copied";
    setTimeout(() => said.remove(), SAID_MS);
  }

  for (const ribbon of document.querySelectorAll(".ribbon")) {
    const scroll = ribbon.querySelector(".ribbon-scroll");
    const zooms = [...ribbon.querySelectorAll("[name=ribbon-zoom]")];
    if (!scroll || !zooms.length) continue;
    let middle = 0.5;
    const keep = () => {
      middle = (scroll.scrollLeft + scroll.clientWidth / 2) / scroll.scrollWidth;
    };
    const restore = () => {
      scroll.scrollLeft = middle * scroll.scrollWidth - scroll.clientWidth / 2;
    };
    scroll.addEventListener("scroll", keep, { passive: true });
    ribbon.addEventListener("change", restore);
    scroll.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const by = { "+": 1, "=": 1, "-": -1 }[event.key];
      const next = by && zooms[zooms.findIndex((one) => one.checked) + by];
      if (!next) return;
      event.preventDefault();
      next.checked = true;
      restore();
    });
  }
})();
