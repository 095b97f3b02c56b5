// What the person must know, with what can be done about it: in the bar, which stays in view, until it is no longer true.
import { make, root } from "./page.js";

let shown;

/** Shows `words` with actions [{text, href} or {text, act}]; without words the notice goes. */
export function notice(words, actions = []) {
  if (!words) {
    shown?.remove();
    shown = null;
    return;
  }
  shown ??= makeNotice();
  shown.replaceChildren(make("p", "", words));
  for (const { text, href, act } of actions) {
    const control = make(href ? "a" : "button", "button is-quiet", text);
    if (href) Object.assign(control, { href, target: "_blank" });
    else Object.assign(control, { type: "button", onclick: act });
    shown.append(control);
  }
}

function makeNotice() {
  const line = make("div", "notice is-warning editor-notice");
  line.setAttribute("role", "alert");
  for (const other of root.querySelectorAll(".editor-notice")) other.remove(); // it knew less
  root.querySelector(".editor-bar").append(line);
  return line;
}
