// The frame's keys: "/" searches, "g" then a letter goes places, "j" and "k" walk rows, "?" tells them all.
// Links and fields say themselves what they are for: data-search, data-go="h", data-key="e".
"use strict";
(() => {
  const SETTING = "debrief-keys";
  const SECOND_KEY_MS = 1200;
  const dialog = document.getElementById("keys");
  const jump = document.getElementById("jump");
  let waitingForPlace = 0;

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]") !== null;
  const visible = (element) => element.getClientRects().length > 0;
  const openDialog = () => document.querySelector("dialog[open]");

  function enabled() {
    try {
      return localStorage.getItem(SETTING) !== "off";
    } catch {
      return true;
    }
  }

  function search() {
    const field =
      [...document.querySelectorAll("main [data-search]")].find(visible) ?? document.querySelector("[data-search]");
    field?.focus();
    field?.select();
  }

  function step(by) {
    const rows = [...document.querySelectorAll(".rows .row-title")].filter(visible);
    if (!rows.length) return;
    const now = rows.findIndex((row) => row.closest(".row").contains(document.activeElement));
    const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + by, 0), rows.length - 1);
    rows[next].focus();
    rows[next].closest(".row").scrollIntoView({ block: "nearest" });
  }

  function follow(selector) {
    const found = document.querySelector(selector);
    found?.click();
    return Boolean(found);
  }

  const keys = {
    "/": search,
    "?": () => dialog?.showModal(),
    j: () => step(1),
    k: () => step(-1),
    g: () => (waitingForPlace = Date.now()),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (!jump || openDialog()) return;
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("jump:open"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || openDialog() || !enabled()) return;
    const going = Date.now() - waitingForPlace < SECOND_KEY_MS;
    waitingForPlace = 0;
    if (going && follow(`[data-go="${CSS.escape(event.key)}"]`)) event.preventDefault();
    else if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    } else if (/^[a-z]$/.test(event.key) && follow(`[data-key="${event.key}"]`)) event.preventDefault();
  });

  const setting = document.querySelector("[data-keys-setting]");
  const shown = () => document.documentElement.classList.toggle("keys-off", !enabled());
  if (setting) setting.checked = enabled();
  shown();
  setting?.addEventListener("change", () => {
    try {
      if (setting.checked) localStorage.removeItem(SETTING);
      else localStorage.setItem(SETTING, "off");
    } catch {
      setting.checked = true;
    }
    shown();
  });

  const menu = document.querySelector(".frame-person");
  const opener = document.querySelector('[data-opens-dialog="keys"]');
  if (opener) opener.hidden = false;
  opener?.addEventListener("click", () => {
    menu.open = false;
    dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    if (menu?.open && !menu.contains(event.target)) menu.open = false;
  });
  menu?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
