// What makes writing comfortable, in one extension.
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";

/** `leave` is what Escape does; without it the page decides. */
export function writingKeys({ leave }) {
  const escape = leave ? [{ key: "Escape", run: () => (leave(), true) }] : [];
  return [Prec.low(keymap.of(escape))];
}
