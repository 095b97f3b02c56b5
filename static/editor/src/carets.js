// Where the others write: their carets, with names, and what they have selected.
import { Annotation, RangeSet } from "@codemirror/state";
import { Decoration, ViewPlugin, WidgetType } from "@codemirror/view";
import { ySyncAnnotation } from "y-codemirror.next";
import {
  compareRelativePositions,
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromJSON,
  createRelativePositionFromTypeIndex,
} from "yjs";
import { awareness, doc } from "./session.js";

const NAMED_MS = 4000; // how long a caret carries its name after it moved
const NAME_PX = 160;
const moved = Annotation.define();

class Caret extends WidgetType {
  constructor(name, color, named) {
    super();
    Object.assign(this, { name, color, named });
  }

  eq(other) {
    return this.name === other.name && this.color === other.color && this.named === other.named;
  }

  toDOM() {
    const caret = document.createElement("span");
    caret.className = `caret person-${this.color}${this.named ? " is-named" : ""}`;
    caret.setAttribute("aria-hidden", "true");
    caret.dataset.name = this.name; // shown by the style sheet: it is no part of the text
    return caret;
  }

  ignoreEvent() {
    return true;
  }
}

class Carets {
  decorations = RangeSet.empty;
  #lastMoved = new Map();
  #frame = 0;
  #timer = 0;

  constructor(view, text) {
    this.view = view;
    this.text = text;
    this.listener = ({ added, updated, removed }) => {
      const others = [...added, ...updated, ...removed].filter((client) => client !== awareness.clientID);
      for (const client of others) this.#lastMoved.set(client, performance.now());
      if (others.length) this.#redraw();
    };
    awareness.on("change", this.listener);
    this.#draw();
  }

  destroy() {
    awareness.off("change", this.listener);
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    if (this.#isHere(awareness.getLocalState()?.cursor)) awareness.setLocalStateField("cursor", null);
  }

  update(update) {
    if (update.docChanged) this.#noteWriters(update);
    if (update.docChanged || update.transactions.some((one) => one.annotation(moved))) this.#draw();
    if (update.docChanged || update.selectionSet || update.focusChanged) this.#tell(update);
  }

  // One frame may bring the carets of several people.
  #redraw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.view.dispatch({ annotations: moved.of(true) });
    });
  }

  // Whoever types at their caret keeps its name visible: their state does not change by that.
  #noteWriters(update) {
    if (!update.transactions.some((one) => one.annotation(ySyncAnnotation))) return;
    const now = performance.now();
    for (const { client, head } of this.#others()) {
      update.changes.iterChangedRanges((fromA, toA, fromB, toB) => {
        if (head >= fromB && head <= toB) this.#lastMoved.set(client, now);
      });
    }
  }

  #tell({ view, state }) {
    if (!view.hasFocus) return;
    const { anchor, head } = state.selection.main;
    const cursor = {
      anchor: createRelativePositionFromTypeIndex(this.text, anchor),
      head: createRelativePositionFromTypeIndex(this.text, head),
    };
    const told = awareness.getLocalState()?.cursor;
    if (told && same(told.anchor, cursor.anchor) && same(told.head, cursor.head)) return;
    awareness.setLocalStateField("cursor", cursor);
  }

  #isHere(cursor) {
    return cursor && this.#indexOf(cursor.head) !== null;
  }

  #indexOf(position) {
    try {
      const found = createAbsolutePositionFromRelativePosition(createRelativePositionFromJSON(position), doc);
      return found?.type === this.text ? found.index : null;
    } catch {
      return null; // another client's mistake
    }
  }

  #others() {
    const found = [];
    for (const [client, state] of awareness.getStates()) {
      if (client === awareness.clientID || !state.cursor || !state.user) continue;
      const anchor = this.#indexOf(state.cursor.anchor);
      const head = this.#indexOf(state.cursor.head);
      const length = this.view.state.doc.length;
      if (anchor !== null && head !== null && Math.max(anchor, head) <= length) {
        found.push({ client, user: state.user, anchor, head });
      }
    }
    return found;
  }

  #draw() {
    const now = performance.now();
    let soonest = Infinity;
    const ranges = [];
    for (const { client, user, anchor, head } of this.#others()) {
      const left = NAMED_MS - (now - (this.#lastMoved.get(client) ?? -Infinity));
      if (left > 0) soonest = Math.min(soonest, left);
      const color = Number(user.color) % 8 || 0;
      const [from, to] = anchor < head ? [anchor, head] : [head, anchor];
      if (from < to) ranges.push(Decoration.mark({ class: `selected-there person-${color}` }).range(from, to));
      const widget = new Caret(String(user.name), color, left > 0);
      ranges.push(Decoration.widget({ widget, side: head > anchor ? -1 : 1 }).range(head));
    }
    this.decorations = Decoration.set(ranges, true);
    this.view.requestMeasure({ key: this, read: edges, write: turnNames });
    clearTimeout(this.#timer);
    if (soonest < Infinity) this.#timer = setTimeout(() => this.#redraw(), soonest + 50);
  }
}

// A name stands to the right of its caret, or to the left where it would not fit.
function edges(view) {
  const { right } = view.scrollDOM.getBoundingClientRect();
  const carets = [...view.contentDOM.querySelectorAll(".caret")];
  return carets.map((caret) => [caret, right - caret.getBoundingClientRect().left < NAME_PX]);
}

function turnNames(carets) {
  for (const [caret, isTurned] of carets) caret.classList.toggle("is-turned", isTurned);
}

const same = (one, other) =>
  compareRelativePositions(createRelativePositionFromJSON(one), createRelativePositionFromJSON(other));

/** The extension for a view on `text`. */
export const carets = (text) =>
  ViewPlugin.define((view) => new Carets(view, text), { decorations: (plugin) => plugin.decorations });
