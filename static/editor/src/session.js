// One live document for the whole page: its texts, the socket, the copy on this device, who else is here.
import { Awareness } from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import { Doc } from "yjs";
import { CountingSocket, TOO_LONG } from "./counting_socket.js";
import { Copy } from "./device.js";
import { guid, live, person, review } from "./page.js";

const STORED = 100;
const TOO_BIG = 1009; // as the server's WebSocket itself says it
const READY_MS = 3000;
const SAVED_MS = 1500;

export const doc = new Doc();
export const awareness = new Awareness(doc);
export const copy = new Copy(doc, {
  whenChanged: () => changed(),
  whenLeft: () => (unsaved = true),
  isTheirs: (origin) => origin === provider,
});
export const undoManagers = new Map();

let unsaved = false;
/** The code with which the server closed the door for good, or 0. */
export let closedWith = 0;
let everSynced = false;
let asked = false; // this device, for what an earlier visit left
let whenChanged = () => {};

awareness.setLocalState({ user: person, place: null, cursor: null });

export const provider = new WebsocketProvider(live ?? "", review ?? "", doc, {
  awareness,
  connect: false,
  disableBc: true,
  params: { guid },
  WebSocketPolyfill: CountingSocket,
  shouldReconnect: ({ code }) => code !== TOO_BIG && !(code >= 4400 && code < 4500),
});

provider.messageHandlers[STORED] = (encoder, decoder) => {
  provider.ws.stored = readNumber(decoder);
  changed();
};

function readNumber(decoder) {
  let number = 0;
  for (let factor = 1; decoder.pos < decoder.arr.length; factor *= 128) {
    const byte = decoder.arr[decoder.pos++];
    number += (byte & 127) * factor;
    if (byte < 128) break;
  }
  return number;
}

function changed() {
  const socket = provider.synced ? provider.ws : null;
  if (socket?.holdsNews) noteUnsaved();
  else if (unsaved && asked && !copy.loading && socket?.allStored) {
    unsaved = false;
    copy.mark(false);
  }
  whenChanged();
}

function noteUnsaved() {
  unsaved = true;
  copy.mark(true);
}

// What this device adds may come late, and is news to the server if it was sent there.
doc.on("update", (update, origin) => {
  if (origin === provider) return;
  if (origin !== copy.persistence) noteUnsaved();
  changed();
});

provider.on("sync", (synced) => {
  everSynced ||= synced;
  changed();
});
provider.on("status", ({ status }) => {
  // The server has noted that this client left, with a clock that is ahead of ours: two steps overtake it.
  if (status === "connected") for (let step = 0; step < 2; step += 1) awareness.setLocalState(awareness.getLocalState());
  changed();
});
provider.on("closed", ({ code }) => {
  closedWith = code === TOO_BIG ? TOO_LONG : code;
  changed();
});

/** Resolves when this page has what the server has, for the first time. */
export const whenMet = new Promise((met) => provider.on("sync", (synced) => synced && met()));

/** `unsaved`: there are edits, of this page or kept by an earlier visit, that the server has not acknowledged. */
export const state = () => ({
  connected: asked && provider.wsconnected && provider.synced,
  everSynced,
  unsaved,
  kept: copy.kept,
  keeping: copy.busy,
  closedWith,
});

/** Begins; `listener` is called after each change of `state()`. */
export async function begin(listener) {
  whenChanged = listener;
  connect();
  addEventListener("offline", reconnect);
  addEventListener("online", reconnect);
  await copy.open();
  asked = true;
  changed();
}

function connect() {
  closedWith = 0;
  provider.connect();
}

/** Whoever was signed out, or whose connection changed, tries again at once. */
export function reconnect() {
  if (!closedWith || closedWith === 4401) goOn();
}

/** Connects again after the server closed the door, when what it minded is put right. */
export function goOn() {
  provider.disconnect();
  connect();
}

/** Resolves to whether the document stands as the server has it, after waiting a little for that. */
export function ready() {
  if (everSynced) return Promise.resolve(!closedWith);
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), READY_MS - Math.min(performance.now(), READY_MS - 300));
    provider.on("sync", (synced) => {
      if (!synced) return;
      clearTimeout(late);
      resolve(true);
    });
  });
}

/** Resolves when the server has everything, or after a moment: it is about to be asked for what it has. */
export async function whenSaved() {
  const late = performance.now() + SAVED_MS;
  while (state().connected && unsaved && performance.now() < late) {
    await new Promise((next) => setTimeout(next, 20));
  }
}
