// HTML from the clipboard as Markdown. A script of its own, loaded when something is first pasted that needs it.
import Turndown from "turndown";
import { bodyOf } from "./foreign_html.js";
import { toMarkdown as toTable } from "./tables.js";

const HIGHEST = 3; // what stands in a part is below the part's own heading
const LOWEST = 6;
const ADDRESS = /^(https?:|mailto:|\/(?!\/))/i;

/** The Markdown of an HTML fragment as another program copied it. */
export function toMarkdown(html) {
  const body = bodyOf(html);
  tidy(body);
  return turndown.turndown(body).trim();
}

const turndown = new Turndown({
  bulletListMarker: "-",
  codeBlockStyle: "fenced",
  emDelimiter: "*",
  headingStyle: "atx",
  hr: "---",
});
const escape = turndown.escape.bind(turndown);
turndown.escape = (text) => escape(text).replace(/(?<=[\p{L}\p{N}])\\_(?=[\p{L}\p{N}])/gu, "_");
turndown.remove(["style", "script", "title", "meta", "noscript", "template"]);

turndown.addRule("item", {
  filter: "li",
  replacement(content, item) {
    const list = item.parentNode;
    const number = list.nodeName === "OL" ? (Number(list.getAttribute("start")) || 1) + [...list.children].indexOf(item) : 0;
    const mark = number ? `${number}. ` : "- ";
    const tight = content.trim().replace(/\n{2,}(?=(?: *)(?:-|\d+\.) )/g, "\n");
    return `${mark}${tight.replace(/\n(?!\n)/g, `\n${" ".repeat(mark.length)}`)}${item.nextElementSibling ? "\n" : ""}`;
  },
});
turndown.addRule("box", {
  filter: (node) => node.nodeName === "INPUT" && node.type === "checkbox" && node.closest("li") !== null,
  replacement: (content, box) => `[${box.hasAttribute("checked") ? "x" : " "}] `,
});
turndown.addRule("struck", {
  filter: ["del", "s", "strike"],
  replacement: (content) => (content.trim() ? `~~${content}~~` : ""),
});
turndown.addRule("block of code", {
  filter: "pre",
  replacement(content, block) {
    const code = block.textContent.replace(/\n$/, "");
    const fence = "`".repeat(Math.max(3, ...(code.match(/`+/g) ?? []).map(({ length }) => length + 1)));
    const [, language = ""] = /\b(?:language|lang|highlight-source)-([\w+-]+)/.exec(block.outerHTML) ?? [];
    return `\n\n${fence}${language}\n${code}\n${fence}\n\n`;
  },
});
turndown.addRule("table", {
  filter: "table",
  replacement(content, table) {
    const inline = (cell) => turndown.turndown(bodyOf(cell.innerHTML)).replace(/\\\|/g, "|");
    const rows = [...table.rows].map((row) => [...row.cells].map(inline)).filter((row) => row.length);
    if (!rows.length) return "";
    if (Math.max(...rows.map((row) => row.length)) === 1) return `\n\n${rows.join("\n\n")}\n\n`; // it only lays out
    return `\n\n${toTable(rows)}\n\n`;
  },
});
// Pictures from elsewhere would tell that place who reads the review, and may be gone tomorrow: their words stay.
turndown.addRule("picture", { filter: ["img", "svg"], replacement: (content, image) => image.getAttribute("alt") ?? "" });

function tidy(body) {
  const headings = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const shift = Math.max(0, HIGHEST - Math.min(...headings.map(({ nodeName }) => Number(nodeName[1]))));
  for (const heading of headings) {
    for (const bold of heading.querySelectorAll("b, strong")) bold.replaceWith(...bold.childNodes);
    rename(heading, `h${Math.min(LOWEST, Number(heading.nodeName[1]) + shift)}`);
  }
  for (const link of body.querySelectorAll("a")) {
    const address = link.getAttribute("href")?.trim() ?? "";
    if (!ADDRESS.test(address) || !link.textContent.trim()) link.replaceWith(...link.childNodes);
    link.removeAttribute("title");
  }
  // What some programs say with styles alone.
  for (const bold of body.querySelectorAll("b, strong")) {
    if (/^(normal|400)$/.test(styleOf(bold, "font-weight"))) bold.replaceWith(...bold.childNodes);
  }
  for (const span of body.querySelectorAll("span")) {
    const weight = styleOf(span, "font-weight");
    if (styleOf(span, "font-style") === "italic") wrap(span, "em");
    if (/line-through/.test(styleOf(span, "text-decoration(?:-line)?"))) wrap(span, "del");
    if ((weight === "bold" || Number(weight) >= 600) && !span.closest("h1, h2, h3, h4, h5, h6, b, strong, th")) {
      wrap(span, "strong");
    }
  }
}

function styleOf(element, property) {
  const said = new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([^;]+)`, "i").exec(element.dataset.style ?? "");
  return said?.[1].trim().toLowerCase() ?? "";
}

function rename(element, name) {
  const renamed = element.ownerDocument.createElement(name);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

function wrap(element, name) {
  const inner = element.ownerDocument.createElement(name);
  inner.append(...element.childNodes);
  element.append(inner);
}
