// CodeMirror's own rules. It would put them into a <style> element, which the content security policy refuses; a
// constructed sheet is allowed. They go into a layer, so that css/editing.css has the last word.
import { StyleModule } from "style-mod";

const sheet = new CSSStyleSheet();
const known = [];

StyleModule.mount = (root, modules) => {
  const fresh = [modules].flat().filter((module) => !known.includes(module));
  if (!fresh.length) return;
  known.push(...fresh);
  sheet.replaceSync(`@layer components { ${known.map((module) => module.getRules()).join("\n")} }`);
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
};
