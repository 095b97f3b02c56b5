// The copy on this device: every edit goes into IndexedDB as well, and comes back with the next visit. What is said of
// copies there (js/device_copies.js) is written here.
import * as idb from "lib0/indexeddb";
import { IndexeddbPersistence } from "y-indexeddb";
import { mergeUpdates } from "yjs";
import { guid, person, review, title } from "./page.js";

const NAME = `debrief:${person.pk}:${review}:${guid}`;
const PATIENCE_MS = 1500;
const SAID = "custom";
const UNSAVED = "unsaved:";
const LEFT_OUT = "left-out:";
const THEIRS_MS = 1000;
const MARK_AGAIN_MS = 1000;

export class Copy {
  /** Whether this device keeps what is written here. */
  kept = false;
  /** Whether it is still at it. */
  busy = false;
  /** Whether what an earlier visit left is known of, and not in the document yet. */
  loading = false;
  #left = new Map();
  #unsaved = false;
  #marked = false;
  #markAgain = 0;
  #again = false;
  #theirs = [];
  #later = 0;

  /**
   * `whenChanged` is called when the device begins or ceases to keep the text; `whenLeft` where an earlier visit left
   * edits that the server has not acknowledged, before they are in the document; `isTheirs` says of the origin of an
   * edit whether it came from the server.
   */
  constructor(doc, { whenChanged, whenLeft, isTheirs }) {
    Object.assign(this, { doc, whenChanged, whenLeft, isTheirs });
    this.ownMark = `${UNSAVED}${doc.clientID}`;
  }

  /** Opens the copy, and gives what it holds to the document. Resolves in any case; see `kept`. */
  async open() {
    if (!globalThis.indexedDB) return;
    this.persistence = new IndexeddbPersistence(NAME, this.doc);
    this.#writeTheirsTogether();
    const opened = this.persistence._db.then(async (db) => {
      db.addEventListener("abort", () => this.#refused());
      db.addEventListener("versionchange", () => this.#refused());
      await this.#lookForLeft(db);
      await this.persistence.whenSynced;
      this.loading = false;
      this.kept = true;
      if (this.#unsaved) this.#putMark();
      this.#watch();
    });
    opened.catch(() => this.#refused());
    await Promise.race([opened.catch(() => {}), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  }

  // What others type is on the server already, and each write here costs as much as showing it: theirs are written
  // once a second, or before the next edit of one's own, which may build on them.
  #writeTheirsTogether() {
    const write = this.persistence._storeUpdate;
    const together = (update) => {
      clearTimeout(this.#later);
      this.#later = 0;
      const updates = [...this.#theirs, ...(update ? [update] : [])];
      this.#theirs = [];
      write(updates.length > 1 ? mergeUpdates(updates) : updates[0]);
      this.#watch();
    };
    this.doc.off("update", write);
    this.persistence._storeUpdate = (update, origin) => {
      if (origin === this.persistence) return;
      if (!this.isTheirs(origin)) return together(update);
      this.#theirs.push(update);
      this.#later ||= setTimeout(together, THEIRS_MS);
    };
    this.doc.on("update", this.persistence._storeUpdate);
  }

  // What is asked after a write is answered after it.
  #watch() {
    this.#again = this.busy;
    if (this.busy || !this.kept) return;
    this.busy = true;
    try {
      const asked = this.persistence.db.transaction(["updates"], "readonly");
      asked.objectStore("updates").count();
      asked.oncomplete = () => {
        this.busy = false;
        if (this.#again) this.#watch();
        this.whenChanged();
      };
    } catch {
      this.#refused();
    }
  }

  async #lookForLeft(db) {
    const store = this.#store(db);
    const [keys, values] = await Promise.all([idb.getAllKeys(store, null), idb.getAll(store, null)]);
    keys.forEach((key, at) => key.startsWith(UNSAVED) && this.#left.set(key, timeOf(values[at])));
    if (!this.#left.size) return;
    this.loading = true;
    this.whenLeft();
  }

  /** Remembers, for a later visit, whether all edits are saved. Each tab has a mark of its own. */
  mark(unsaved) {
    this.#unsaved = unsaved;
    if (!unsaved) this.#dropMarks();
    else if (!this.#marked) this.#putMark();
    else this.#markAgain ||= setTimeout(() => this.#putMark(), MARK_AGAIN_MS);
  }

  #putMark() {
    clearTimeout(this.#markAgain);
    this.#markAgain = 0;
    if (!this.kept || !this.#unsaved) return;
    this.#marked = true;
    this.#try((store) => idb.put(store, { at: Date.now(), title }, this.ownMark));
  }

  #dropMarks() {
    clearTimeout(this.#markAgain);
    this.#markAgain = 0;
    this.#marked = false;
    if (!this.kept) return;
    const left = [...this.#left];
    this.#left.clear();
    this.#try((store) => idb.del(store, this.ownMark));
    // A mark that has changed belongs to a tab that goes on, with edits that are not in this one.
    for (const [key, time] of left) {
      this.#try(async (store) => timeOf(await idb.get(store, key)) === time && idb.del(store, key));
    }
  }

  #try(write) {
    try {
      write(this.#store(this.persistence.db)).catch(() => this.#refused());
    } catch {
      this.#refused();
    }
  }

  /** Keeps a text beside the document. Resolves to its key; to null where this device keeps nothing. */
  async leaveOut(place, text) {
    if (!this.kept) return null;
    const at = Date.now();
    const key = `${LEFT_OUT}${place}:${at}`;
    try {
      await idb.put(this.#store(this.persistence.db), { at, title, place, text }, key);
      return key;
    } catch {
      return null;
    }
  }

  /** The texts that were kept beside it: [[key, {place, text}]]. */
  async leftOut() {
    if (!this.kept) return [];
    const all = await deviceCopies.entries(this.persistence.db, SAID).catch(() => []);
    return all.filter(([key]) => key.startsWith(LEFT_OUT));
  }

  async discardLeftOut(key) {
    if (this.kept) await idb.del(this.#store(this.persistence.db), key).catch(() => {});
  }

  async remove() {
    this.kept = false;
    this.#stop();
    await this.persistence?.clearData().catch(() => {});
  }

  #stop() {
    clearTimeout(this.#later);
    clearTimeout(this.#markAgain);
    this.#theirs = [];
  }

  #store(db) {
    return db.transaction([SAID], "readwrite").objectStore(SAID);
  }

  // What misses one edit is no copy: it is given up at the first failure.
  #refused() {
    this.#stop();
    this.persistence?.destroy().catch(() => {});
    this.loading = false;
    if (!this.kept) return;
    this.kept = false;
    this.whenChanged();
  }
}

const timeOf = (mark) => mark?.at ?? mark;
