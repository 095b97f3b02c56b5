// What makes writing comfortable, in one extension.
import { autocompletion } from "@codemirror/autocomplete";
import { keymap } from "@codemirror/view";
import { uploads } from "./attaching.js";
import { formattingKeys } from "./formatting.js";
import { listKeys } from "./lists.js";
import { names } from "./names.js";
import { pasting } from "./pasting.js";
import { slash } from "./slash.js";

/** `leave` is what Escape does; without it the page decides. */
export function writing({ leave } = {}) {
  const escape = leave ? [{ key: "Escape", run: () => (leave(), true) }] : [];
  return [
    autocompletion({ override: [slash, names], icons: false, activateOnTypingDelay: 80, tooltipClass: () => "completions" }),
    keymap.of([...formattingKeys, ...listKeys, ...escape]),
    pasting,
    uploads,
  ];
}
