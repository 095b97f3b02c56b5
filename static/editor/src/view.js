// A CodeMirror view on one text.
import { defaultKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import { UndoManager } from "yjs";
import { carets } from "./carets.js";
import { findings } from "./findings.js";
import { markdown } from "./markdown.js";
import { undoManagers } from "./session.js";
import "./style_sheets.js";

// Ctrl or Cmd with Enter is the page's: it saves.
const keys = defaultKeymap.filter(({ key }) => key !== "Mod-Enter");

function undoManagerOf(place, text) {
  if (!undoManagers.has(place)) undoManagers.set(place, new UndoManager(text));
  return undoManagers.get(place);
}

// What is pasted or completed is undone by itself, without what was typed just before and after.
const undoneAlone = (undoManager) =>
  EditorState.transactionExtender.of((transaction) => {
    const alone = transaction.isUserEvent("input.paste") || transaction.isUserEvent("input.complete");
    if (alone) {
      undoManager.stopCapturing();
      queueMicrotask(() => undoManager.stopCapturing());
    }
    return null;
  });

/** Shows the text of `place` in `parent`; `extras` are further extensions, with the keys that come first. */
export function openView({ place, text, parent, id, title, describedBy, extras = [] }) {
  const attributes = {
    id,
    "aria-label": title,
    "aria-multiline": "true",
    autocapitalize: "sentences",
    autocorrect: "on",
    spellcheck: "true",
    ...(describedBy && { "aria-describedby": describedBy }),
  };
  const undoManager = undoManagerOf(place, text);
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text.toString(),
      extensions: [
        // Positions are those of the shared text, in which every character counts.
        EditorState.lineSeparator.of("\n"),
        extras,
        keymap.of([...yUndoManagerKeymap, ...keys]),
        markdown,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of(attributes),
        EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, "\n")),
        yCollab(text, null, { undoManager }),
        undoneAlone(undoManager),
        carets(text),
        findings(place),
      ],
    }),
  });
}
