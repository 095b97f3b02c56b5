// A filter above long lists of checkboxes.
"use strict";
(() => {
  const MANY = 8;

  function addFilter(list) {
    const choices = [...list.querySelectorAll(".choice")];
    if (choices.length <= MANY || list.querySelector("[type=search]")) return;
    const input = document.createElement("input");
    input.type = "search";
    input.className = "filter";
    input.placeholder = "Filter";
    input.setAttribute("aria-label", `Filter ${list.dataset.filter}`);
    input.addEventListener("input", () => {
      const words = input.value.trim().toLowerCase();
      for (const choice of choices) {
        const chosen = choice.querySelector("input").checked;
        choice.hidden = Boolean(words) && !chosen && !choice.textContent.toLowerCase().includes(words);
      }
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      choices.find((choice) => !choice.hidden)?.querySelector("input").focus();
    });
    list.querySelector(".choices").before(input);
  }

  const addAll = () => document.querySelectorAll("fieldset[data-filter]").forEach(addFilter);
  document.addEventListener("htmx:afterSettle", addAll);
  addAll();
})();
