// Passages in rendered text, told by their letters and digits alone, as reviews/anchors.py tells them in the Markdown.
"use strict";
globalThis.passages = (() => {
  const LETTERS = /[\p{L}\p{N}]/gu;

  const lettersOf = (words) => (words.match(LETTERS) ?? []).join("");

  /** The letters below `root` as one string, and the node and offset of each. */
  function lettersIn(root) {
    const nodes = [];
    const offsets = [];
    let letters = "";
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const found of walker.currentNode.data.matchAll(LETTERS)) {
        for (let unit = 0; unit < found[0].length; unit += 1) {
          nodes.push(walker.currentNode);
          offsets.push(found.index + unit);
        }
        letters += found[0];
      }
    }
    return { letters, nodes, offsets };
  }

  /** The range of `words` below `root`, after `before` others of their kind; null where they are not there. */
  function rangeOf(root, words, before) {
    const wanted = lettersOf(words);
    if (!wanted) return null;
    const { letters, nodes, offsets } = lettersIn(root);
    let at = letters.indexOf(wanted);
    for (let passed = 0; passed < before && at >= 0; passed += 1) {
      const following = letters.indexOf(wanted, at + 1);
      if (following < 0) break;
      at = following;
    }
    if (at < 0) return null;
    const last = at + wanted.length - 1;
    const range = document.createRange();
    range.setStart(nodes[at], offsets[at]);
    range.setEnd(nodes[last], offsets[last] + 1);
    return range;
  }

  /** How many times the words of `range` stand below `root` before it. */
  function countBefore(root, range) {
    const wanted = lettersOf(range.toString());
    if (!wanted) return 0;
    const { letters, nodes, offsets } = lettersIn(root);
    let count = 0;
    for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + 1)) {
      if (range.comparePoint(nodes[at], offsets[at]) >= 0) break;
      count += 1;
    }
    return count;
  }

  return { rangeOf, countBefore };
})();
