// A section opens where it stands: the words on the page become an editor, and words again when it is done.
import { address, make } from "./page.js";
import { describe, idOf, partOf, textOf } from "./places.js";
import { open } from "./places_open.js";
import { ready, state, whenSaved } from "./session.js";
import { openView } from "./view.js";
import { writing } from "./writing.js";

/** Opens the section that `opener` belongs to; false where it cannot be written together now. */
export async function openSection(opener) {
  const place = `section:${opener.dataset.opens}`;
  const container = document.querySelector(`[data-text="${place}"]`);
  if (!container || !(await ready())) return false;
  const text = await textOf(place, container.querySelector(".prose") !== null);
  if (!text || !container.isConnected) return false;
  if (!open.has(place)) begin(place, text, container, opener);
  open.get(place).view.focus();
  return true;
}

function begin(place, text, container, opener) {
  const { title, prompt } = describe(container);
  const host = make("div", "writing");
  host.id = idOf(place);
  host.setAttribute("hx-preserve", "");
  const hint = make("p", "hint", prompt);
  hint.id = `${host.id}-prompt`;
  const area = make("div", "writing-area");
  host.append(hint, area, foot(place, opener));
  container.replaceChildren(host);
  opener.hidden = true;
  const view = openView({
    place,
    text,
    parent: area,
    id: `${host.id}-text`,
    title,
    describedBy: hint.id,
    extras: writing({
      leave: () => {
        close(place);
        return true;
      },
    }),
  });
  open.set(place, { place, view, host, closing: false });
  htmx.process(host);
}

function foot(place, opener) {
  const line = make("div", "form-do writing-foot");
  const done = make("button", "button is-quiet", "Done");
  done.type = "button";
  done.setAttribute("hx-get", `${address}?part=${partOf(place)}`);
  done.setAttribute("hx-trigger", "done");
  done.setAttribute("hx-target", "closest .part");
  done.dataset.done = "";
  done.dataset.focus = opener.id;
  done.addEventListener("click", () => close(place));
  const keys = make("p", "hint form-keys");
  keys.append("Markdown. ", make("kbd", "", "/"), " for blocks, ", make("kbd", "", "@"), " for people and services");
  line.append(done, keys);
  return line;
}

async function close(place) {
  const one = open.get(place);
  if (!one || one.closing) return;
  one.closing = true;
  await whenSaved();
  if (state().connected) htmx.trigger(one.host.querySelector("[data-done]"), "done");
  else showAsTyped(place, one);
}

// Without a connection nobody renders the text: it stands as it was typed until there is one.
function showAsTyped(place, { host, view }) {
  const container = host.parentElement;
  const words = view.state.doc.toString();
  view.destroy();
  open.delete(place);
  const shown = make("div", "prose");
  shown.append(make("pre", "as-typed", words));
  container.replaceChildren(words.trim() ? shown : make("p", "prompt", container.dataset.prompt));
  container.dataset.stale = "";
  const opener = document.querySelector(`[data-opens="${partOf(place)}"]`);
  opener.hidden = false;
  opener.focus();
}

/** Forms of sections that stood open when the page was loaded become editors, unless something was typed into them. */
export async function takeOverForms() {
  if (!(await ready())) return;
  for (const form of document.querySelectorAll(".part > form[data-keep]:not([data-dirty])")) {
    const part = form.closest(".part");
    if (!form.elements.revision || form.querySelector(".conflict")) continue;
    await fetchPart(part);
    const opener = document.querySelector(`[data-opens="${part.id}"]`);
    if (opener) await openSection(opener);
  }
}

const fetchPart = (part) =>
  htmx.ajax("GET", `${address}?part=${part.id}`, { source: part, target: part, swap: "outerHTML settle:0ms" });

/** Renders what was shown as typed. */
export function renderStale() {
  for (const container of document.querySelectorAll("[data-stale]")) {
    delete container.dataset.stale;
    fetchPart(container.closest(".part"));
  }
}
