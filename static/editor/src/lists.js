// Lists and quotes: Enter goes on with them or ends them, Tab and Shift-Tab move their lines in and out.
import { syntaxTree } from "@codemirror/language";
import { EditorSelection } from "@codemirror/state";

const ITEM = /^(\s*(?:> ?)*)(?:([-*+]|\d{1,9}[.)])( +)(\[[ xX]\] +)?)?/;

/** What stands before the words of a line: {indent, marker, space, task, length}; null in code. */
function lineStart(state, line) {
  for (let node = syntaxTree(state).resolveInner(line.from, 1); node; node = node.parent) {
    if (/Code/.test(node.name)) return null;
  }
  const [all, indent, marker = "", space = "", task = ""] = ITEM.exec(line.text);
  return { indent, marker, space, task, length: all.length };
}

/** Enter. False where neither list nor quote goes on. */
export function goOn(view) {
  const { state } = view;
  const { main } = state.selection;
  const line = state.doc.lineAt(main.from);
  const start = lineStart(state, line);
  if (!start || (!start.marker && !start.indent.includes(">")) || main.from < line.from + start.length) return false;
  const isBare = line.text.length === start.length && main.empty;
  const change = isBare ? endOf(line, start) : { from: main.from, to: main.to, insert: `\n${nextStart(start)}` };
  view.dispatch({
    changes: change,
    selection: EditorSelection.cursor(change.from + change.insert.length),
    scrollIntoView: true,
    userEvent: "input",
  });
  return true;
}

// An item without words is the end of its list: a step further out, or the end of it all.
function endOf(line, { indent, marker, space, task }) {
  const step = Math.min(indent.length, marker.length + 1);
  const isNested = marker && step && /^ +$/.test(indent);
  // What follows a list or a quote without an empty line would still belong to it.
  return { from: line.from, to: line.to, insert: isNested ? `${indent.slice(step)}${marker}${space}${task}` : "\n" };
}

function nextStart({ indent, marker, space, task }) {
  const number = /^(\d+)([.)])$/.exec(marker);
  const next = number ? `${Number(number[1]) + 1}${number[2]}` : marker;
  return `${indent}${next}${space}${task && "[ ] "}`;
}

/** A command that moves the selected items in (1) or out (-1). False outside of lists, so that Tab leaves the editor. */
export const move = (by) => (view) => {
  const { state } = view;
  const changes = [];
  let isList = false;
  const { from, to } = state.selection.main;
  for (let at = state.doc.lineAt(from); ; at = state.doc.line(at.number + 1)) {
    const start = lineStart(state, at);
    if (start?.marker) {
      isList = true;
      const width = start.marker.length + 1;
      if (by > 0 && at.number > 1) changes.push({ from: at.from, insert: " ".repeat(stepBelow(state, at) ?? width) });
      else if (by < 0) changes.push({ from: at.from, to: at.from + Math.min(width, /^ */.exec(at.text)[0].length) });
    }
    if (at.to >= to) break;
  }
  if (!isList) return false;
  view.dispatch({ changes, userEvent: by > 0 ? "input.indent" : "delete.dedent" });
  return true;
};

// A line stands below the item above it when it begins under the words of that item.
function stepBelow(state, line) {
  const above = lineStart(state, state.doc.line(line.number - 1));
  return above?.marker ? above.marker.length + 1 : null;
}

export const listKeys = [
  { key: "Enter", run: goOn },
  { key: "Tab", run: move(1), shift: move(-1) },
];
