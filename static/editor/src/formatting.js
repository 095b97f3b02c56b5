// Marks around words, by key: bold, italic, code, struck out, link.
import { EditorSelection } from "@codemirror/state";

/** A command that puts `mark` around each selection, or takes it away where it stands around it. */
export const toggle = (mark) => (view) => {
  const { state } = view;
  view.dispatch(
    state.changeByRange((range) => {
      const { from, to } = range.empty ? (state.wordAt(range.head) ?? range) : range;
      const length = mark.length;
      const outside = state.sliceDoc(from - length, from) === mark && state.sliceDoc(to, to + length) === mark;
      if (outside && !isPartOfLonger(state, from - length, mark)) {
        return {
          changes: [
            { from: from - length, to: from },
            { from: to, to: to + length },
          ],
          range: EditorSelection.range(range.anchor - length, range.head - length),
        };
      }
      return {
        changes: [
          { from, insert: mark },
          { from: to, insert: mark },
        ],
        range: EditorSelection.range(range.anchor + length, range.head + length),
      };
    }),
    { scrollIntoView: true, userEvent: "input" },
  );
  return true;
};

// A single star beside another one is the edge of bold, not of italic.
const isPartOfLonger = (state, at, mark) => mark === "*" && state.sliceDoc(at - 1, at) === "*" && state.sliceDoc(at - 2, at - 1) !== "*";

/** Makes a link of the selection, with the caret where its address goes; of an address, where its words go. */
export function link(view) {
  const { from, to } = view.state.selection.main;
  const words = view.state.sliceDoc(from, to);
  const isAddress = isWebAddress(words);
  const insert = isAddress ? `[](${words})` : `[${words}]()`;
  const caret = from + (isAddress || !words ? 1 : insert.length - 1);
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: caret },
    scrollIntoView: true,
    userEvent: "input",
  });
  return true;
}

/** Whether `text` is one address of a page, and nothing else. */
export function isWebAddress(text) {
  return /^https?:\/\/[^\s<>]+$/i.test(text) && URL.canParse(text);
}

export const formattingKeys = [
  { key: "Mod-b", run: toggle("**"), preventDefault: true },
  { key: "Mod-i", run: toggle("*"), preventDefault: true },
  { key: "Mod-e", run: toggle("`"), preventDefault: true },
  { key: "Mod-k", run: link, preventDefault: true },
];
