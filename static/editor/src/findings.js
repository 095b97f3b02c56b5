// What the checker finds, in the texts that stand open: marks that move with the words, and news of what is typed.
// static/js/editor/findings.js asks the server and says what to mark; it has no other way into these texts.
import { Annotation, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { ySyncAnnotation } from "y-codemirror.next";
import { open } from "./places_open.js";

const found = StateEffect.define();
const isMarking = Annotation.define();
const changedSince = new WeakMap(); // by view: what changed since its text was gathered

const marks = StateField.define({
  create: () => Decoration.none,
  update(shown, { changes, effects }) {
    return effects.reduce((before, effect) => (effect.is(found) ? effect.value : before), shown.map(changes));
  },
  provide: (field) => EditorView.decorations.from(field),
});

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

const telling = (place) =>
  EditorView.updateListener.of(({ docChanged, selectionSet, changes, view, transactions, state }) => {
    if (docChanged) {
      const since = changedSince.get(view);
      changedSince.set(view, since ? since.composeDesc(changes.desc) : changes.desc);
      tell("editor:written", { place, isOwn: !transactions.some((one) => one.annotation(ySyncAnnotation)) });
    } else if (selectionSet && !transactions.some((one) => one.annotation(isMarking))) {
      tell("editor:caret", { finding: findingAt(state, state.selection.main) });
    }
  });

function findingAt(state, { head, empty }) {
  let key = "";
  if (empty) {
    state.field(marks).between(head, head, (from, to, { spec }) => {
      key = spec.attributes["data-found"];
      return false;
    });
  }
  return key;
}

/** What a view on `place` needs for it, which is about to be opened. */
export function findings(place) {
  queueMicrotask(() => tell("editor:written", { place, isOwn: false, isOpening: true }));
  return [marks, telling(place)];
}

const viewOf = (place) => {
  const one = open.get(place);
  return one?.host.isConnected ? one.view : null;
};

/** Where in UTF-16 units the character `at` of `text` stands. */
function unitsOf(text, at) {
  let units = 0;
  for (let passed = 0; passed < at && units < text.length; passed += 1) units += text.codePointAt(units) > 0xffff ? 2 : 1;
  return units;
}

globalThis.writtenTexts = {
  /** The places that stand open. */
  places() {
    return [...open.values()].filter(({ host, closing }) => host.isConnected && !closing).map(({ place }) => place);
  },

  /** Texts by place, as they stand open now. What changes from here on, `mark` takes into account. */
  gather() {
    return Object.fromEntries(
      this.places().map((place) => {
        const { view } = open.get(place);
        changedSince.delete(view);
        return [place, view.state.doc.toString()];
      }),
    );
  },

  /** Marks findings, {key, kind, start, end} in characters of the text as it was gathered, and no others. */
  mark(place, text, spans) {
    const view = viewOf(place);
    if (!view) return;
    const since = changedSince.get(view);
    const now = (at, side) => (since ? since.mapPos(at, side) : at);
    const decorations = spans
      .map(({ key, kind, start, end }) => ({ key, kind, from: now(unitsOf(text, start), 1), to: now(unitsOf(text, end), -1) }))
      .filter(({ from, to }) => from < to && to <= view.state.doc.length)
      .map(({ key, kind, from, to }) =>
        Decoration.mark({ class: `found is-${kind}`, attributes: { "data-found": key } }).range(from, to),
      );
    view.dispatch({ effects: found.of(Decoration.set(decorations, true)) });
  },

  /** Selects a marked finding, and gives its text the focus; false where it is not marked. */
  select(place, key) {
    const view = viewOf(place);
    let span = null;
    view?.state.field(marks).between(0, view.state.doc.length, (from, to, { spec }) => {
      if (spec.attributes["data-found"] === key) span = { anchor: from, head: to };
      return !span;
    });
    if (!span) return false;
    view.focus();
    view.dispatch({ selection: span, scrollIntoView: true, annotations: isMarking.of(true) });
    return true;
  },
};
