// The copies of documents on this device, seen from outside: whose they are, and whether one holds what no server has.
// A copy is the database "debrief:PERSON:REVIEW:DOCUMENT". The editor writes into its store "custom" what is not saved:
// "unsaved:TAB" {at, title} for edits among its updates, "left-out:…" {at, title, …} for text that was taken out.
"use strict";
globalThis.deviceCopies = (() => {
  const PREFIX = "debrief:";
  const NOT_SAVED = /^(unsaved|left-out):/;
  const KEPT_MS = 30 * 86_400_000;
  const PATIENCE_MS = 1000;

  /** Every copy: {name, person, review, guid}. Empty where the browser cannot tell. */
  async function all() {
    const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
    return databases
      .filter(({ name }) => name?.startsWith(PREFIX))
      .map(({ name }) => {
        const [, person, review, guid] = name.split(":");
        return { name, person, review, guid };
      });
  }

  const answered = (request) =>
    new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });

  /** Opens the copy of that name, and creates none. Rejects where it is gone, or does not answer. */
  function open(name) {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.transaction.abort();
    const late = new Promise((_, failed) => setTimeout(() => failed(new Error("no answer")), PATIENCE_MS));
    return Promise.race([answered(request), late]).then((db) => {
      db.onversionchange = () => db.close();
      return db;
    });
  }

  /** What a store of the copy holds: [[key, value]]. */
  async function entries(db, store) {
    const asked = db.transaction([store], "readonly").objectStore(store);
    const [keys, values] = await Promise.all([answered(asked.getAllKeys()), answered(asked.getAll())]);
    return keys.map((key, at) => [key, values[at]]);
  }

  /** Of what is not saved there, the newest: {at, title}; null where all is saved, undefined where nobody can tell. */
  async function unsaved(name) {
    let db;
    try {
      db = await open(name);
      const marks = (await entries(db, "custom")).filter(([key]) => NOT_SAVED.test(key));
      const told = marks.map(([, value]) => ({ at: value?.at ?? Number(value), title: value?.title ?? "" }));
      return told.sort((one, other) => other.at - one.at)[0] ?? null;
    } catch {
      return undefined;
    } finally {
      db?.close();
    }
  }

  const remove = (name) =>
    new Promise((done) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = done;
    });

  const isOld = (at) => !(Date.now() - at < KEPT_MS);

  /**
   * Removes what other people left here. What one of them has not saved stays for a while: it is shown to nobody else,
   * and saved when that person comes back.
   */
  async function removeThoseOfOthers(person) {
    for (const copy of await all()) {
      if (copy.person === person) continue;
      const left = await unsaved(copy.name);
      if (left === null || (left && isOld(left.at))) await remove(copy.name);
    }
  }

  return { all, entries, isOld, open, remove, removeThoseOfOthers, unsaved };
})();
