// The board: cards are chosen and moved, by pointer and by keys. Every change goes through the form at data-changes,
// which asks for what is missing, says what is wrong and keeps what was typed until it is stored.
"use strict";
(() => {
  const dialog = document.getElementById("change-dialog");
  const slot = dialog?.querySelector("[data-change]");
  if (!dialog || !slot) return;
  const announced = document.getElementById("announced");
  const problem = document.getElementById("board-problem");
  const LIFTED_AFTER_PX = 6;
  const LIFTED_AFTER_MS = 350; // of a finger that rests
  const NEAR_EDGE_PX = 60;
  const OFFLINE = "No connection: nothing was changed. What you wrote is still here; try again.";
  const SIGNED_OUT = "You are signed out: nothing was changed. Sign in in another tab, then try again here.";
  const FAILED = "That failed, and nothing was changed. Try again.";

  const board = () => document.getElementById("board");
  const bar = () => document.getElementById("chosen");
  const marks = () => [...document.querySelectorAll(".card-mark input")];
  const visible = (element) => element.getClientRects().length > 0;
  const cardOf = (element) => element?.closest?.(".card") ?? null;
  const markOf = (card) => card?.querySelector(".card-mark input") ?? null;
  const address = () => bar().getAttribute("action");

  // What is chosen.
  let last = null;

  function count() {
    const chosen = marks().filter((mark) => mark.checked).length;
    bar().querySelector("output").textContent = `${chosen} chosen`;
    bar().querySelector("[data-clears]").hidden = !chosen;
  }

  function clear() {
    for (const mark of marks()) mark.checked = false;
    last = null;
    count();
  }

  function mark(input, { range = false } = {}) {
    const all = marks().filter(visible);
    const [from, to] = [all.indexOf(last), all.indexOf(input)];
    if (range && from >= 0) {
      for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = input.checked;
    }
    last = input;
    count();
  }

  document.addEventListener("click", (event) => {
    const input = event.target.closest?.(".card-mark input");
    if (input) mark(input, { range: event.shiftKey });
    if (event.target.closest?.("[data-clears]")) clear();
  });

  // What the server says to a change: the board as it is now, or the form with what is in the way.
  async function send(values, { say = problemOnPage } = {}) {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"), "HX-Request": "true" };
    let answer;
    try {
      answer = await fetch(address(), { method: "POST", headers, body: new URLSearchParams(values) });
    } catch {
      return say(OFFLINE);
    }
    if (answer.redirected) return say(SIGNED_OUT);
    if (!answer.ok && answer.status !== 409 && answer.status !== 422) return say(FAILED);
    const text = await answer.text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("board");
    if (fresh) show(fresh);
    else ask(page.querySelector(".change"));
    return undefined;
  }

  function problemOnPage(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  function show(fresh) {
    const focused = cardOf(document.activeElement)?.dataset.pk ?? moving;
    const said = fresh.querySelector("[data-said]");
    announced.textContent = said?.textContent ?? "";
    said?.remove();
    problemOnPage("");
    const current = board().querySelector(".board-group.is-current")?.dataset.group;
    board().replaceWith(fresh);
    htmx.process(fresh);
    if (current) switchTo(current);
    if (dialog.open) dialog.close();
    slot.replaceChildren();
    ready();
    moving = null;
    const card = focused && fresh.querySelector(`.card[data-pk="${CSS.escape(focused)}"]`);
    if (card && visible(card)) card.querySelector(".row-title").focus();
  }

  function ask(form) {
    if (!form) return problemOnPage(FAILED);
    slot.replaceChildren(form);
    htmx.process(form);
    if (!dialog.open) dialog.showModal();
    const shown = [...form.querySelectorAll("textarea, select, input:not([type=hidden])")].filter(visible);
    const preset = form.querySelector("[name=status]")?.value ? shown.find((field) => field.matches("textarea")) : null;
    (form.querySelector("[data-focus-first]") ?? preset ?? shown[0])?.focus();
    return undefined;
  }

  dialog.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-changes]");
    if (!form) return;
    event.preventDefault();
    const line = form.querySelector("[data-problem]");
    const say = (text) => {
      line.textContent = text;
      line.hidden = !text;
    };
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    send(new FormData(form), { say }).finally(() => (button.disabled = false));
  });
  // Escape and Cancel close it; what was typed stays for whoever opens it again for the same items.
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-closes]")) return;
    event.preventDefault();
    dialog.close();
  });

  // What a button of the bar is about: the chosen items, or the one that has the focus.
  let focusedBefore = null;
  let moving = null;
  let asked = "";
  document.addEventListener("focusin", (event) => {
    const card = cardOf(event.target);
    if (card) focusedBefore = card;
    else if (!event.target.closest?.(".bulk, dialog")) focusedBefore = null;
  });

  function about() {
    const chosen = marks().filter((one) => one.checked);
    if (chosen.length) return chosen;
    const one = markOf(focusedBefore);
    return one?.isConnected ? [one] : [];
  }

  function values(items, more) {
    const found = [["back", bar().elements.back.value]];
    for (const one of items) found.push(["item", one.value]);
    return [...found, ...Object.entries(more)];
  }

  function open(what, items, preset = {}) {
    if (!items.length) {
      announced.textContent = "Choose an item first.";
      return;
    }
    const wanted = values(items, { do: what, ...preset });
    const key = JSON.stringify(wanted);
    moving = cardOf(items[0]).dataset.pk;
    // The same question again finds what was typed before.
    if (key === asked && slot.firstElementChild) ask(slot.firstElementChild);
    else send(wanted).then(() => (asked = key));
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "chosen") return;
    event.preventDefault();
    open(event.submitter?.value ?? "status", about());
  });
  document.addEventListener("click", (event) => {
    // A key presses the button of the bar without showing it, for the one item that has the focus.
    const button = event.target.closest?.(".bulk [name=do]");
    if (!button || visible(button)) return;
    event.preventDefault();
    open(button.value, about());
  });

  // Keys: x chooses, arrows go to the column beside, Escape lets go of what is chosen. The rest are keys of the frame.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && marks().some((one) => one.checked) && !drag) return clear();
    const card = cardOf(document.activeElement);
    const typing = document.activeElement?.matches?.("input:not([type=checkbox]), textarea, select");
    if (!card || typing || document.documentElement.classList.contains("keys-off")) return;
    if (event.key === "x" && markOf(card)) {
      event.preventDefault();
      markOf(card).checked = !markOf(card).checked;
      mark(markOf(card));
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      if (step(card, event.key === "ArrowRight" ? 1 : -1)) event.preventDefault();
    }
  });

  function step(card, by) {
    if (!board().classList.contains("has-columns")) return false;
    const groups = [...board().querySelectorAll(".board-group")].filter((one) => one.querySelector(".card"));
    const own = card.closest(".board-group");
    const to = groups[groups.indexOf(own) + by];
    if (!to) return false;
    if (!visible(to)) switchTo(to.dataset.group);
    const place = [...own.querySelectorAll(".card")].indexOf(card);
    const cards = [...to.querySelectorAll(".card")];
    const next = cards[Math.min(place, cards.length - 1)];
    next.querySelector(".row-title").focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  // One column at a time on a narrow screen.
  function switchTo(key) {
    for (const group of board().querySelectorAll(".board-group")) group.classList.toggle("is-current", group.dataset.group === key);
    for (const link of board().querySelectorAll(".board-switch a")) {
      if (link.dataset.column === key) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".board-switch a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    switchTo(link.dataset.column);
    history.replaceState(history.state, "", link.href);
    link.scrollIntoView({ block: "nearest", inline: "center" });
  });

  // Dragging, by mouse and pen at once, by finger after it rested.
  let drag = null;

  function lift() {
    const { card, x, y } = drag;
    drag.lifted = true;
    const own = markOf(card);
    drag.items = own.checked ? marks().filter((one) => one.checked) : [own];
    for (const one of drag.items) cardOf(one).classList.add("is-lifted");
    drag.ghost = document.createElement("div");
    drag.ghost.className = "card-ghost";
    drag.ghost.textContent =
      drag.items.length > 1 ? `${drag.items.length} items` : card.querySelector(".row-title").textContent;
    document.body.append(drag.ghost);
    document.documentElement.classList.add("is-dragging");
    move(x, y);
  }

  function move(x, y) {
    drag.ghost.style.setProperty("transform", `translate(${x + 12}px, ${y + 12}px)`);
    const group = document.elementFromPoint(x, y)?.closest?.(".board-group");
    const target = group?.dataset.value && group !== drag.card.closest(".board-group") ? group : null;
    if (target !== drag.target) {
      drag.target?.classList.remove("is-target");
      target?.classList.add("is-target");
      drag.target = target;
    }
    if (y < NEAR_EDGE_PX) window.scrollBy(0, -12);
    else if (y > window.innerHeight - NEAR_EDGE_PX) window.scrollBy(0, 12);
  }

  function drop() {
    const { target, items } = drag;
    end();
    if (!target) return;
    const field = board().dataset.sets;
    const value = target.dataset.value;
    moving = cardOf(items[0]).dataset.pk;
    if (value === "?") open(field, items);
    else if (field === "status" && (value === "done" || value === "wont-do")) open(field, items, { status: value });
    else send(values(items, { do: field, [field]: value, apply: "1" }));
  }

  function end() {
    clearTimeout(drag.timer);
    drag.ghost?.remove();
    drag.target?.classList.remove("is-target");
    for (const card of document.querySelectorAll(".is-lifted")) card.classList.remove("is-lifted");
    document.documentElement.classList.remove("is-dragging");
    drag = null;
  }

  document.addEventListener("pointerdown", (event) => {
    const card = event.target.closest?.(".card[data-moves]");
    if (!card || event.button !== 0 || !board().dataset.sets || event.target.closest("input, label, button, summary")) return;
    if (drag) end();
    drag = { card, x: event.clientX, y: event.clientY, pointer: event.pointerId, touches: event.pointerType === "touch" };
    if (drag.touches) drag.timer = setTimeout(() => drag && lift(), LIFTED_AFTER_MS);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > LIFTED_AFTER_PX;
    if (drag.lifted) move(event.clientX, event.clientY);
    else if (far && drag.touches) end();
    else if (far) {
      Object.assign(drag, { x: event.clientX, y: event.clientY });
      lift();
    }
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    if (!drag.lifted) return end();
    // The click that follows is not one on the title.
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
    drop();
  });
  document.addEventListener("pointercancel", () => drag && end());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.preventDefault();
    end();
  });
  document.addEventListener("touchmove", (event) => drag?.lifted && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => drag?.touches && event.preventDefault());
  document.addEventListener("dragstart", (event) => cardOf(event.target) && event.preventDefault());

  function swallow(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  function ready() {
    count();
    if (board().dataset.sets) for (const card of board().querySelectorAll(".card[data-moves]")) card.classList.add("can-drag");
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    // The sign-in page leads back to this board.
    if (new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/accounts/")) {
      event.detail.shouldSwap = false;
      location.reload();
    } else if (event.detail.shouldSwap) problemOnPage("");
  });
  document.addEventListener("htmx:sendError", () => problemOnPage("No connection: this is the board from before."));
  document.addEventListener("htmx:responseError", () => problemOnPage("That failed: this is the board from before."));
  document.addEventListener("htmx:afterSettle", (event) => {
    ready();
    if (event.detail.target.id === "filter-form") event.detail.target.querySelector("input:not([type=hidden])")?.focus();
  });
  ready();
})();
