// Files that are pasted or dropped: sent to the review's attachments, then named in the text where they were put.
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";
import { ySyncFacet } from "y-codemirror.next";
import { createAbsolutePositionFromRelativePosition, createRelativePositionFromTypeIndex } from "yjs";
import { address, forgeryHeaders, make } from "./page.js";
import { doc } from "./session.js";

const began = StateEffect.define({ map: (upload, changes) => ({ ...upload, at: changes.mapPos(upload.at) }) });
const ended = StateEffect.define();

class Uploading extends WidgetType {
  constructor(name) {
    super();
    this.name = name;
  }

  eq(other) {
    return this.name === other.name;
  }

  toDOM() {
    return make("span", "uploading", `Uploading ${this.name}…`);
  }
}

/** Shows, in this window only, where a file will be. */
export const uploads = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    let next = shown.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(began)) {
        const widget = Decoration.widget({ widget: new Uploading(effect.value.name), side: 1, key: effect.value.key });
        next = next.update({ add: [widget.range(effect.value.at)] });
      } else if (effect.is(ended)) {
        next = next.update({ filter: (from, to, { spec }) => spec.key !== effect.value });
      }
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Sends `files` and puts each into the text at `at`, wherever that has moved to meanwhile. */
export async function attach(view, files, at) {
  const { ytext } = view.state.facet(ySyncFacet);
  for (const file of files) {
    const key = {};
    const place = createRelativePositionFromTypeIndex(ytext, at);
    view.dispatch({ effects: began.of({ key, at, name: file.name }) });
    const { markdown, problem } = await send(file);
    if (view.dom.isConnected) view.dispatch({ effects: ended.of(key) });
    if (problem) say(view, `“${file.name}” was not added: ${problem}`);
    else put(view, ytext, createAbsolutePositionFromRelativePosition(place, doc)?.index ?? ytext.length, markdown);
  }
}

function put(view, ytext, at, markdown) {
  if (!view.dom.isConnected) {
    ytext.insert(at, markdown);
    return;
  }
  const isThere = view.state.selection.main.empty && view.state.selection.main.head === at;
  view.dispatch({
    changes: { from: at, insert: markdown },
    ...(isThere && { selection: { anchor: at + markdown.length } }),
    userEvent: "input.paste",
  });
}

async function send(file) {
  const body = new FormData();
  body.append("file", file);
  try {
    const response = await fetch(`${address}attachments`, {
      method: "POST",
      body,
      headers: { Accept: "application/json", ...forgeryHeaders() },
    });
    const said = await response.json().catch(() => ({}));
    if (response.status === 201) return { markdown: said.markdown ?? `![${said.name}](${said.url})` };
    return { problem: said.message ?? said.error?.message ?? "the server did not take it. Try again in a moment." };
  } catch {
    return { problem: "there is no connection. Try again when it is back." };
  }
}

/** Says by the editor what went wrong, until something else is done. */
function say(view, words) {
  const area = view.dom.parentElement;
  if (!area) return;
  area.parentElement.querySelector(":scope > .writing-problem")?.remove();
  const line = make("p", "writing-problem field-error", words);
  line.setAttribute("role", "alert");
  area.after(line);
}

/** Asks for a file, as the slash menu does. */
export function chooseFile(view) {
  const input = make("input");
  input.type = "file";
  input.accept = "image/*";
  input.addEventListener("change", () => attach(view, [...input.files], view.state.selection.main.head));
  input.click();
}
