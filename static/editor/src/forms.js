// Factors and answers: in the form of one, its text is written together; the other fields are sent as always.
import { make } from "./page.js";
import { idOf, textOf } from "./places.js";
import { open } from "./places_open.js";
import { ready, state, whenSaved } from "./session.js";
import { openView } from "./view.js";
import { writing } from "./writing.js";

/** Turns the text field of each open form that stands for a place into an editor of that place. */
export function openForms() {
  for (const form of document.querySelectorAll("form[data-text]")) openForm(form);
}

async function openForm(form) {
  const place = form.dataset.text;
  const field = form.querySelector("textarea");
  if (open.get(place)?.form === form || !field) return;
  if (!(await ready())) return;
  const text = await textOf(place, field.value.trim() !== "");
  if (!text || !form.isConnected || form.dataset.dirty !== undefined || open.get(place)?.host.isConnected) return;
  const hadFocus = document.activeElement === field;
  const label = form.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  const host = make("div", "writing-area");
  field.before(host);
  // A field that is disabled is not sent: the text reaches the server by itself.
  field.hidden = field.disabled = true;
  form.id ||= `form-${idOf(place)}`;
  form.setAttribute("hx-preserve", "");
  const view = openView({
    place,
    text,
    parent: host,
    id: idOf(place),
    title: label?.textContent ?? "",
    describedBy: field.getAttribute("aria-describedby"),
    extras: writing(),
  });
  open.set(place, { place, view, host, form, closing: false });
  label?.addEventListener("click", () => view.focus());
  host.after(make("p", "hint", "Saved as you type."));
  const leave = form.querySelector("[data-cancel]");
  if (leave) leave.textContent = "Close";
  if (hadFocus || form.dataset.begins === "text") view.focus();
}

// What the server answers shows the text: it should have the last of it.
document.addEventListener("htmx:confirm", (event) => {
  const written = [...open.values()].some(({ form }) => form?.contains(event.detail.elt));
  if (!written || !state().unsaved || !state().connected) return;
  event.preventDefault();
  whenSaved().then(() => event.detail.issueRequest(true));
});
