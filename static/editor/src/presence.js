// Who is here, and in which part: in the bar, and beside the heading of each part. One person is one, in however many tabs.
import { make, person } from "./page.js";
import { partOf } from "./places.js";
import { awareness } from "./session.js";

const MANY = 4; // more people than that are named in the bar without their places
const bar = document.getElementById("people-here");

/** The others, each once, where they were last. */
function others() {
  const found = new Map();
  for (const { user, place } of awareness.getStates().values()) {
    if (!user || user.pk === person.pk) continue;
    const known = found.get(user.pk);
    if (!known?.place) found.set(user.pk, { ...user, place: typeof place === "string" ? place : null });
  }
  return [...found.values()].sort((one, other) => String(one.name).localeCompare(String(other.name)));
}

const titleOf = (part) => document.querySelector(`.outline-entry[href="#${part}"] .outline-name`)?.textContent;

function showInBar(people) {
  if (!bar) return;
  bar.replaceChildren(
    ...people.map(({ name, color, place }) => {
      const item = make("li", "here");
      item.append(make("span", `here-mark person-${color % 8}`), make("span", "here-name", name));
      const title = place && people.length <= MANY && titleOf(CSS.escape(partOf(place)));
      if (title) {
        const link = make("a", "here-place", title);
        link.href = `#${partOf(place)}`;
        item.append(", in ", link);
      }
      return item;
    }),
  );
}

function showInParts(people) {
  for (const old of document.querySelectorAll(".part-people")) old.remove();
  const parts = new Set(people.filter(({ place }) => place).map(({ place }) => partOf(place)));
  for (const part of parts) {
    const there = people.filter(({ place }) => place && partOf(place) === part);
    const heading = document.querySelector(`#${CSS.escape(part)} > .part-head > :is(h1, h2)`);
    if (!heading) continue;
    const line = make("p", "part-people");
    there.forEach(({ name, color }, index) => {
      if (index) line.append(index === there.length - 1 ? " and " : ", ");
      line.append(make("span", `here-mark person-${color % 8}`), make("span", "here-name", name));
    });
    line.append(there.length === 1 ? " is here" : " are here");
    heading.after(line);
  }
}

function show() {
  const people = others();
  showInBar(people);
  showInParts(people);
}

let waiting = 0;
function showSoon() {
  waiting ||= requestAnimationFrame(() => {
    waiting = 0;
    show();
  });
}

function tellPlace({ target }) {
  const place = target.closest("[data-text]")?.dataset.text ?? target.closest(".part")?.dataset.part ?? null;
  if (awareness.getLocalState()?.place !== place) awareness.setLocalStateField("place", place);
}

export function beginPresence() {
  awareness.on("change", showSoon);
  document.addEventListener("htmx:afterSettle", showSoon);
  document.addEventListener("focusin", tellPlace);
  if (document.activeElement !== document.body) tellPlace({ target: document.activeElement });
}
