// What is pasted becomes what is meant: an address over selected words a link, cells a table, a file an attachment.
import { syntaxTree } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { ySyncFacet } from "y-codemirror.next";
import { createAbsolutePositionFromRelativePosition, createRelativePositionFromTypeIndex } from "yjs";
import { isWebAddress } from "./formatting.js";
import { attach } from "./attaching.js";
import { bodyOf } from "./foreign_html.js";
import { richPaste } from "./page.js";
import { doc } from "./session.js";
import { rowsOfHtml, rowsOfText, toMarkdown } from "./tables.js";

function insert(view, text) {
  view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true, userEvent: "input.paste" });
}

function asTable(clipboard) {
  const rows = rowsOfHtml(clipboard.getData("text/html")) ?? rowsOfText(clean(clipboard.getData("text/plain")));
  return rows && toMarkdown(rows);
}

const MEANS_MORE = "a[href], b, strong, i, em, del, s, code, pre, ul, ol, h1, h2, h3, h4, h5, h6, table, blockquote, hr, span[data-style]";
const STAYS_BEFORE = -1; // what is written at that place comes after it
const BLOCK = /\n|^(#{1,6}|[-*>]|\d+\.|```|\|) /;

/** The HTML on the clipboard, where it says more than the text there and is no program's source; "" otherwise. */
function richOf(clipboard, state) {
  const html = clipboard.getData("text/html");
  if (!html || !richPaste || clipboard.types.includes("vscode-editor-data") || isInCode(state)) return "";
  return bodyOf(html).querySelector(MEANS_MORE) ? html : "";
}

function isInCode(state) {
  for (let node = syntaxTree(state).resolveInner(state.selection.main.from, -1); node; node = node.parent) {
    if (/Code/.test(node.name)) return true;
  }
  return false;
}

// The script may take a moment: what is typed meanwhile follows what was pasted.
async function pasteRich(view, html, text) {
  if (!view.state.selection.main.empty) insert(view, "");
  const { ytext } = view.state.facet(ySyncFacet);
  const place = createRelativePositionFromTypeIndex(ytext, view.state.selection.main.head, STAYS_BEFORE);
  const markdown = await import(richPaste)
    .then(({ toMarkdown }) => toMarkdown(html))
    .catch(() => ""); // there is no connection: the plain text then
  const at = createAbsolutePositionFromRelativePosition(place, doc)?.index;
  if (!view.dom.isConnected || at === undefined) return;
  const same = !markdown || squeezed(markdown) === squeezed(text);
  const words = same ? clean(text) : markdown;
  const isThere = view.state.selection.main.head === at;
  const pasted = !same && BLOCK.test(words) ? asBlock(view.state, words, { from: at, to: at }) : words;
  view.dispatch({
    changes: { from: at, insert: pasted },
    ...(isThere && { selection: { anchor: at + pasted.length }, scrollIntoView: true }),
    userEvent: "input.paste",
  });
}

const squeezed = (text) => text.replace(/\s+/g, "");
const clean = (text) => text.replace(/\r\n?/g, "\n");

/** A block of its own begins on a line of its own. */
export function asBlock(state, text, { from, to } = state.selection.main) {
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
    const rich = richOf(clipboard, view.state);
    if (table) insert(view, asBlock(view.state, table));
    else if (selected.trim() && !selected.includes("\n") && isWebAddress(text) && !isWebAddress(selected)) {
      insert(view, `[${selected}](${text})`);
    } else if (clipboard.files.length && !text) attach(view, clipboard.files, main.head);
    else if (rich) pasteRich(view, rich, clipboard.getData("text/plain"));
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
