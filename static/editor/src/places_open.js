// What stands open on this page, by place: {place, view, host, form?, closing}. Parts that htmx swaps keep it.
export const open = new Map();

const REQUIRED = "hx-preserve";
let focused = null;

/** Forgets, and frees, what is no longer on the page. */
function dispose() {
  for (const [place, one] of open) {
    if (one.host.isConnected) continue;
    one.view.destroy();
    open.delete(place);
  }
}

// htmx moves an element that has hx-preserve into the fresh part, if that has one with the same id.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.shouldSwap) return;
  const kept = [...open.values()].filter((one) => detail.target.contains(one.host) && !isLeaving(one, detail));
  if (!kept.length) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = detail.serverResponse;
  for (const one of kept) standIn(one, fresh.content);
  detail.serverResponse = fresh.innerHTML;
  focused = kept.find((one) => one.view.hasFocus)?.view;
});
document.addEventListener("htmx:afterSwap", () => {
  if (focused) focusAgain(focused);
  focused = null;
});

// An element that moved has lost the browser's selection, which the view would take for a choice of the person.
function focusAgain(view) {
  view.focus();
  const { anchor, head } = view.state.selection.main;
  const [begin, end] = [view.domAtPos(anchor), view.domAtPos(head)];
  getSelection().setBaseAndExtent(begin.node, begin.offset, end.node, end.offset);
}
document.addEventListener("htmx:afterSettle", dispose);

const isLeaving = ({ closing, form }, { requestConfig }) => closing || form?.contains(requestConfig?.elt);

function standIn({ place, host, form }, fresh) {
  const stays = form ?? host;
  const same = fresh.querySelector(`form[data-text="${place}"]`);
  const container = form ? fresh.querySelector(`[data-holds="${place}"]`) : fresh.querySelector(`[data-text="${place}"]`);
  const placeholder = document.createElement(stays.tagName);
  placeholder.id = stays.id;
  placeholder.setAttribute(REQUIRED, "");
  if (same) same.replaceWith(placeholder);
  else container?.replaceChildren(placeholder);
  if (!form) fresh.querySelector(`[data-opens="${place.split(":")[1]}"]`)?.setAttribute("hidden", "");
}
