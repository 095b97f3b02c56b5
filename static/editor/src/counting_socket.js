// A WebSocket that counts the edits it sends, so that the page can tell when all of them are stored.
const SYNC = 0;
const STEP_2 = 1;
const UPDATE = 2;

export class CountingSocket extends WebSocket {
  sent = 0;
  stored = 0;
  /** Whether the server was told all that this page holds and the server did not. */
  answered = false;

  send(message) {
    const bytes = new Uint8Array(message);
    if (bytes[0] === SYNC && (bytes[1] === STEP_2 || bytes[1] === UPDATE)) {
      this.sent += 1;
      if (bytes[1] === STEP_2) this.answered = true;
    }
    super.send(message);
  }

  get allStored() {
    return this.answered && this.sent === this.stored;
  }
}
