// What htmx swaps in the editor: where the focus goes, which typed text stays, and words for what became of it.
"use strict";
(() => {
  const root = document.querySelector("[data-editor]");
  if (!root) return;
  const KEPT = "Your text is still here, and kept on this device.";
  const UNDO_MS = 10_000;

  function say(words, kind) {
    document.dispatchEvent(new CustomEvent("editor:state", { detail: { source: "parts", words, kind } }));
  }

  const failures = {
    400: "Not saved: this is too long, or it arrived damaged.",
    403: "Not saved: the page has expired, or you may no longer change this. Reload the page.",
    404: "Not saved: this is no longer there; somebody may have deleted it.",
    409: "Not saved yet: somebody else saved this part first.",
    413: "Not saved: this is too long for one part.",
    422: "Not saved yet: see the message beside the field.",
  };

  const sends = (detail) => detail.requestConfig?.verb === "post";
  const formOf = (element) => element?.closest?.("form[data-keep]");

  document.addEventListener("editor:typed", (event) => {
    say(event.detail.kept ? "Not saved yet, kept on this device" : "Not saved yet", "unsaved");
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (sends(event.detail)) say("Saving…", "saving");
  });
  document.addEventListener("htmx:sendError", (event) => {
    say(sends(event.detail) ? `Not saved: no connection. ${KEPT}` : "No connection. Try again in a moment.", "problem");
  });
  document.addEventListener("htmx:timeout", () => say(`Not saved: no answer. ${KEPT}`, "problem"));

  let setAside = [];
  let focusedBefore = "";
  let openDetails = [];

  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = event.detail;
    const status = detail.xhr.status;
    if (new URL(detail.xhr.responseURL || location.href).pathname.startsWith("/accounts/")) {
      detail.shouldSwap = false;
      say(`Not saved: you are signed out. Sign in again in another tab, then save. ${KEPT}`, "problem");
      return;
    }
    detail.shouldSwap = status < 400 || status === 409 || status === 422;
    detail.isError = !detail.shouldSwap;
    if (detail.target.classList.contains("understood")) return;
    if (status >= 400) {
      const words = failures[status] ?? "Not saved: the server could not do it. Try again in a moment.";
      say(detail.isError ? `${words} ${KEPT}` : words, "problem");
    }
    if (!detail.shouldSwap) return;
    const element = detail.requestConfig.elt;
    const submitted = formOf(element);
    if (submitted && sends(detail)) {
      const saved = detail.xhr.getResponseHeader("HX-Trigger-After-Settle")?.includes("editor:saved");
      const became = saved ? "editor:done" : "editor:unsaved";
      document.dispatchEvent(new CustomEvent(became, { detail: { form: submitted } }));
    }
    focusedBefore = detail.target.contains(document.activeElement) ? document.activeElement.id : "";
    openDetails = [...detail.target.querySelectorAll("details[id][open]")].map((one) => one.id);
    // Other forms of this part that are in use are taken out and put back after the swap.
    setAside = [...detail.target.querySelectorAll("form[data-keep]:not([hx-preserve])")]
      .filter((form) => form !== submitted && isInUse(form))
      .map((form) => ({ form, host: form.parentElement.closest("[id]")?.id, part: detail.target.id }));
    for (const { form } of setAside) form.remove();
  });

  // Those that always stand there, or are only open, need no keeping until something is typed.
  function isInUse(form) {
    if (form.dataset.dirty !== undefined) return true;
    return form.contains(document.activeElement) || (/^\D+-\d+$/.test(form.dataset.keep) && !form.closest(".comments"));
  }

  function putBack({ form, host, part }) {
    const fresh = document.querySelector(`form[data-keep="${CSS.escape(form.dataset.keep)}"]`);
    const place = document.getElementById(host);
    if (fresh) fresh.replaceWith(form);
    else if (form.dataset.keep.startsWith("perspective-new")) place?.append(form);
    else if (place?.matches("li") && !/^(why-below|cite)-/.test(form.dataset.keep)) {
      (place.querySelector(":scope > .why-line") ?? place).replaceChildren(form);
    } else if (place?.matches("li")) place.querySelector(":scope > .why-line").after(form);
    else document.getElementById(part)?.querySelector(".part-head")?.after(form);
  }

  function focusOn(element) {
    if (!element) return false;
    for (let up = element.closest("details:not([open])"); up; up = up.parentElement.closest("details:not([open])")) {
      up.open = true;
    }
    element.focus();
    return document.activeElement === element;
  }

  const firstField = (form) =>
    form?.querySelector("[data-focus-first]") ??
    form?.querySelector("[aria-invalid=true]") ??
    form?.querySelector("input:not([type=hidden]), textarea, select");

  document.addEventListener("htmx:afterSettle", (event) => {
    const { requestConfig, target } = event.detail;
    if (!requestConfig || target.classList.contains("understood")) return;
    if (event.detail.elt.id === "outline") return;
    setAside.forEach(putBack);
    setAside = [];
    for (const id of openDetails) document.getElementById(id)?.setAttribute("open", "");
    openDetails = [];
    fadeUndo();
    const asked = requestConfig.elt.dataset ?? {};
    const submitted = formOf(requestConfig.elt);
    if (asked.opens) {
      focusOn(firstField(document.querySelector(`form[data-keep="${CSS.escape(asked.opens)}"]`)));
    } else if (asked.focus) {
      focusOn(document.getElementById(asked.focus));
      document.dispatchEvent(new CustomEvent("editor:cancelled", { detail: { name: submitted?.dataset.keep } }));
    } else if (submitted) {
      const again = document.querySelector(`form[data-keep="${CSS.escape(submitted.dataset.keep)}"]`);
      // A preview saves nothing.
      if (event.detail.xhr.status < 400 && again?.querySelector(".preview")) say("Not saved yet", "unsaved");
      if (event.detail.xhr.status >= 400 || again?.querySelector("[data-focus-first]")) focusOn(firstField(again));
    } else if (focusedBefore && !document.getElementById(focusedBefore)?.matches(":focus")) {
      const same = document.getElementById(focusedBefore);
      focusOn(same?.disabled ? same.closest("li, section")?.querySelector("[data-opens]") : same);
    }
  });

  // The server names the place where work goes on.
  document.addEventListener("editor:saved", (event) => {
    const { focus, said } = event.detail;
    const at = `Saved at ${clock.time(new Date())}`;
    say(said === "Saved." ? at : `${said} ${at}`, "saved");
    if (focus) focusOn(document.getElementById(focus));
  });

  function fadeUndo() {
    for (const line of document.querySelectorAll("[data-undo]:not([data-fading])")) {
      line.dataset.fading = "";
      setTimeout(() => line.classList.add("is-past"), UNDO_MS);
    }
  }

  function focusOpened() {
    const first = root.querySelector("[data-focus-first]");
    if (first) return first.focus();
    if (!new URLSearchParams(location.search).has("edit")) return;
    const part = document.getElementById(location.hash.slice(1)) ?? root;
    const form = part.querySelector("form[data-keep]:not(.event-form)") ?? part.querySelector("form[data-keep]");
    firstField(form)?.focus();
  }

  fadeUndo();
  focusOpened();
  // Going to the place that the address names, a browser may take the focus away again.
  addEventListener("load", () => {
    if (document.activeElement === document.body) focusOpened();
  });
})();
