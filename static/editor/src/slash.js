// The menu behind "/" at the start of a line.
import { insertCompletionText, pickedCompletion } from "@codemirror/autocomplete";
import { chooseFile } from "./attaching.js";
import { zone } from "./page.js";

const CARET = "‸"; // where the caret goes

function now() {
  const parts = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone, timeZoneName: "short" }).format(new Date());
}

/** Puts `template` in place of what was typed, with the caret at its mark or at its end. */
const put = (template) => (view, completion, from, to) => {
  const text = typeof template === "function" ? template() : template;
  const caret = text.includes(CARET) ? text.indexOf(CARET) : text.length;
  const insert = text.replace(CARET, "");
  view.dispatch({
    ...insertCompletionText(view.state, insert, from, to),
    selection: { anchor: from + caret },
    annotations: pickedCompletion.of(completion),
    scrollIntoView: true,
  });
};

function picture(view, completion, from, to) {
  put("")(view, completion, from, to);
  chooseFile(view);
}

const BLOCKS = [
  ["Heading", "###", put("### ")],
  ["Bulleted list", "-", put("- ")],
  ["Numbered list", "1.", put("1. ")],
  ["Checklist", "- [ ]", put("- [ ] ")],
  ["Quote", ">", put("> ")],
  ["Code block", "```", put(`\`\`\`\n${CARET}\n\`\`\`\n`)],
  ["Table", "| |", put(`| ${CARET} |  |\n| --- | --- |\n|  |  |\n`)],
  ["Divider", "---", put("---\n")],
  ["Time now", zone, put(now)],
  ["Picture or file", "", picture],
];

const OPTIONS = BLOCKS.map(([name, detail, apply], place) => ({
  label: `/${name}`,
  displayLabel: name,
  detail,
  apply,
  boost: -place,
}));

export function slash(context) {
  const typed = context.matchBefore(/^[ \t]*\/[\p{L} ]*/u);
  if (!typed) return null;
  const from = typed.from + typed.text.indexOf("/");
  return { from, options: OPTIONS, validFor: /^\/[\p{L} ]*$/u };
}
