// What makes writing comfortable, in one extension.
import { autocompletion, completionStatus } from "@codemirror/autocomplete";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { uploads } from "./attaching.js";
import { formattingKeys } from "./formatting.js";
import { listKeys } from "./lists.js";
import { names } from "./names.js";
import { pasting } from "./pasting.js";
import { slash } from "./slash.js";

/** `leave` is what Escape does; without it the page decides. */
export function writing({ leave } = {}) {
  return [
    leave ? Prec.highest(keymap.of(leavingKeys(leave))) : [], // before the keys of what is offered
    autocompletion({
      override: [slash, names],
      icons: false,
      activateOnTypingDelay: 30,
      interactionDelay: 0, // who types "/" or "@" wants what is offered
      tooltipClass: () => "completions",
    }),
    keymap.of([...formattingKeys, ...listKeys]),
    pasting,
    uploads,
  ];
}

// Escape closes what is offered first; while offers are only looked for, it leaves.
const leavingKeys = (leave) => [
  { key: "Escape", run: ({ state }) => completionStatus(state) !== "active" && leave() },
  { key: "Mod-Enter", run: leave },
];
