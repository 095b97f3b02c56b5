// What is pasted becomes what is meant: an address over selected words a link, cells a table, a file an attachment.
import { EditorView } from "@codemirror/view";
import { isWebAddress } from "./formatting.js";
import { attach } from "./attaching.js";
import { rowsOfHtml, rowsOfText, toMarkdown } from "./tables.js";

function insert(view, text) {
  view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true, userEvent: "input.paste" });
}

function asTable(clipboard) {
  const rows = rowsOfHtml(clipboard.getData("text/html")) ?? rowsOfText(clean(clipboard.getData("text/plain")));
  return rows && toMarkdown(rows);
}

const clean = (text) => text.replace(/\r\n?/g, "\n");

/** A block of its own begins on a line of its own. */
export function asBlock(state, text) {
  const { from, to } = state.selection.main;
  const before = state.doc.lineAt(from);
  const after = state.doc.lineAt(to);
  const head = state.sliceDoc(before.from, from).trim() ? "\n\n" : "";
  return head + text + (state.sliceDoc(to, after.to).trim() ? "\n\n" : "\n");
}

export const pasting = EditorView.domEventHandlers({
  paste(event, view) {
    const clipboard = event.clipboardData;
    if (!clipboard || view.state.readOnly) return false;
    const text = clipboard.getData("text/plain").trim();
    const { main } = view.state.selection;
    const selected = view.state.sliceDoc(main.from, main.to);
    const table = asTable(clipboard);
    if (table) insert(view, asBlock(view.state, table));
    else if (selected.trim() && !selected.includes("\n") && isWebAddress(text) && !isWebAddress(selected)) {
      insert(view, `[${selected}](${text})`);
    } else if (clipboard.files.length && !text) attach(view, clipboard.files, main.head);
    else return false;
    event.preventDefault();
    return true;
  },
  drop(event, view) {
    const files = event.dataTransfer?.files;
    if (!files?.length) return false;
    event.preventDefault();
    attach(view, files, view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.selection.main.head);
    return true;
  },
});
