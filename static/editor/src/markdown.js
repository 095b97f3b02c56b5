// Markdown as a language: the parser alone, since its CodeMirror package brings those of HTML, CSS and JavaScript along.
import { defineLanguageFacet, Language, syntaxHighlighting } from "@codemirror/language";
import { tagHighlighter, tags } from "@lezer/highlight";
import { GFM, parser } from "@lezer/markdown";

const language = new Language(defineLanguageFacet(), parser.configure([GFM]), [], "markdown");

const classes = tagHighlighter([
  { tag: tags.heading, class: "md-heading" },
  { tag: tags.strong, class: "md-strong" },
  { tag: tags.emphasis, class: "md-emphasis" },
  { tag: tags.strikethrough, class: "md-struck" },
  { tag: tags.monospace, class: "md-code" },
  { tag: tags.link, class: "md-link" },
  { tag: tags.url, class: "md-url" },
  { tag: tags.quote, class: "md-quote" },
  { tag: tags.processingInstruction, class: "md-mark" },
  { tag: tags.contentSeparator, class: "md-mark" },
  { tag: tags.labelName, class: "md-url" },
  { tag: tags.atom, class: "md-mark" },
]);

export const markdown = [language, syntaxHighlighting(classes)];
