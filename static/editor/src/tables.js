// Tables as Markdown writes them, from cells that were copied elsewhere.
import { bodyOf } from "./foreign_html.js";

/** A Markdown table; the first row is its head. */
export function toMarkdown(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  const line = (cells) => `| ${Array.from({ length: width }, (_, at) => cell(cells[at])).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head), `|${" --- |".repeat(width)}`, ...body.map(line)].join("\n");
}

const cell = (text = "") => text.trim().replace(/\s+/g, " ").replaceAll("|", "\\|");

/** The rows of text with tabs between its cells, as spreadsheets copy it; null where it is something else. */
export function rowsOfText(text) {
  const lines = text.replace(/\n$/, "").split("\n");
  if (lines.length < 2 || !lines.every((line) => line.includes("\t"))) return null;
  return lines.map((line) => line.split("\t"));
}

/** The rows of an HTML fragment that is one table; null where there is more than a table, or none. */
export function rowsOfHtml(html) {
  if (!/<table/i.test(html)) return null;
  const body = bodyOf(html);
  const tables = body.querySelectorAll("table");
  body.querySelectorAll("style, script, meta").forEach((element) => element.remove());
  if (tables.length !== 1 || words(body) !== words(tables[0])) return null;
  const rows = [...tables[0].rows].map((row) => [...row.cells].map((one) => one.textContent));
  return rows.length > 1 && Math.max(...rows.map((row) => row.length)) > 1 ? rows : null;
}

const words = (element) => element.textContent.replace(/\s+/g, "");
