// The copy on this device: every edit goes into IndexedDB as well, and comes back with the next visit.
import * as idb from "lib0/indexeddb";
import { IndexeddbPersistence } from "y-indexeddb";
import { mergeUpdates } from "yjs";
import { guid, person, review } from "./page.js";

const PREFIX = "debrief:";
const OWN = `${PREFIX}${person.pk}:`;
const NAME = `${OWN}${review}:${guid}`;
const PATIENCE_MS = 1500;
const MARKS = "custom";
const THEIRS_MS = 1000;

export class Copy {
  /** Whether this device keeps what is written here. */
  kept = false;
  /** Whether it is still at it. */
  busy = false;
  #marks = [];
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
    this.ownMark = `unsaved:${doc.clientID}`;
  }

  /** Opens the copy, and gives what it holds to the document. Resolves in any case; see `kept`. */
  async open() {
    if (!globalThis.indexedDB) return;
    this.persistence = new IndexeddbPersistence(NAME, this.doc);
    this.#writeTheirsTogether();
    const opened = this.persistence._db.then(async (db) => {
      db.addEventListener("abort", () => this.#refused());
      db.addEventListener("versionchange", () => this.#refused());
      this.#marks = await idb.getAllKeys(this.#store(db), null);
      if (this.#marks.length) this.whenLeft();
      await this.persistence.whenSynced;
      this.kept = true;
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

  /** Remembers, for a later visit, whether all edits are saved. */
  mark(unsaved) {
    if (!this.kept) return;
    try {
      const store = this.#store(this.persistence.db);
      if (unsaved) idb.put(store, Date.now(), this.ownMark).catch(() => this.#refused());
      else for (const key of [this.ownMark, ...this.#marks]) idb.del(store, key).catch(() => {});
      if (!unsaved) this.#marks = [];
    } catch {
      this.#refused();
    }
  }

  async remove() {
    this.kept = false;
    this.#stop();
    await this.persistence?.clearData().catch(() => {});
  }

  #stop() {
    clearTimeout(this.#later);
    this.#theirs = [];
  }

  #store(db) {
    return db.transaction([MARKS], "readwrite").objectStore(MARKS);
  }

  // What misses one edit is no copy: it is given up at the first failure.
  #refused() {
    this.#stop();
    this.persistence?.destroy().catch(() => {});
    if (!this.kept) return;
    this.kept = false;
    this.whenChanged();
  }
}

/** Another person's copies are nobody's business here. */
export async function removeCopiesOfOthers() {
  const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
  for (const { name } of databases) {
    if (name?.startsWith(PREFIX) && !name.startsWith(OWN)) indexedDB.deleteDatabase(name);
  }
}
