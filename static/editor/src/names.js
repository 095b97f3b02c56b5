// "@" completes the names of people and services.
import { address } from "./page.js";

export async function names(context) {
  const typed = context.matchBefore(/(?<![\p{L}\p{N}_.])@[\p{L}\p{N}_.-]*/u);
  if (!typed) return null;
  const stop = new AbortController();
  context.addEventListener("abort", () => stop.abort(), { onDocChange: true });
  const found = await ask(typed.text.slice(1), stop.signal);
  if (!found || context.aborted) return null;
  const people = found.people.map(({ username, name }) => ({
    label: `@${username}`,
    displayLabel: name,
    detail: `@${username}`,
    apply: `@${username} `,
    section: { name: "People", rank: 1 },
  }));
  const services = found.services.map(({ name, url }) => ({
    label: name,
    apply: `[${name.replace(/[[\]\\]/g, "\\$&")}](${url}) `,
    section: { name: "Services", rank: 2 },
  }));
  return { from: typed.from, options: [...people, ...services], filter: false };
}

async function ask(q, signal) {
  try {
    const response = await fetch(`${address}names?${new URLSearchParams({ q })}`, { signal });
    return response.ok && !response.redirected ? await response.json() : null;
  } catch {
    return null; // away, or no longer asked
  }
}
