// What the results say when they cannot be had while one types: no connection, an error, a session that ended.
"use strict";
(() => {
  const problem = document.getElementById("search-problem");
  const form = document.querySelector(".search-form");
  if (!problem || !form) return;
  const words = problem.querySelector("span");

  function say(text) {
    words.textContent = text;
    problem.hidden = !text;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    // The sign-in page leads back to this search.
    if (new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/accounts/")) {
      event.detail.shouldSwap = false;
      location.assign(`${form.action}?${new URLSearchParams(new FormData(form))}`);
    } else if (event.detail.shouldSwap) say("");
  });
  document.addEventListener("htmx:sendError", () => say("No connection: these are the results from before."));
  document.addEventListener("htmx:responseError", () => say("The search failed: these are the results from before."));
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "filter-form") event.detail.target.querySelector("input:not([type=hidden])")?.focus();
  });

  // What was searched for is remembered once it led somewhere: it was sent, or a result was followed.
  function remember() {
    const text = form.elements.q.value.trim();
    if (!text) return;
    const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    fetch(form.dataset.remembers, { method: "POST", headers, body: new URLSearchParams({ q: text }), keepalive: true });
  }
  form.addEventListener("submit", remember);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#found .row-title")) remember();
  });
  problem.querySelector("button").addEventListener("click", () => form.requestSubmit());
})();
