// The page of an action item: forms that were not stored come back open, with the focus on what is wrong.
"use strict";
(() => {
  htmx.config.attributesToSettle = ["class"]; // "style" among them is what the page's own policy forbids

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status !== 409 && xhr.status !== 422) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const place = document.getElementById("content");
    if (!place || event.detail.target.id !== "content") return;
    const wrong = place.querySelector("[data-focus-first]");
    (wrong ?? place).focus({ preventScroll: !wrong });
    wrong?.scrollIntoView({ block: "center" });
  });

  // Without a connection what was typed stays, and it is said.
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, (event) => {
      const form = event.detail.elt?.closest?.("form");
      if (!form || form.querySelector(".item-unsent")) return;
      const said = document.createElement("p");
      said.className = "field-error item-unsent";
      said.setAttribute("role", "alert");
      said.textContent = "Not stored: no answer, or a refusal. What you typed is still here; try again in a moment.";
      form.append(said);
    });
  }
})();
