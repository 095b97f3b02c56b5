// A WebSocket that counts the edits it sends, so that the page can tell when all of them are stored.
const SYNC = 0;
const STEP_2 = 1;
const UPDATE = 2;
const LARGEST = 4_200_000; // bytes; the server takes no larger message

/** The code with which a connection ends over something that is too long. */
export const TOO_LONG = 4413;

export class CountingSocket extends WebSocket {
  sent = 0;
  stored = 0;
  #lastNews = 0;
  /** Whether the server was told all that this page holds and the server did not. */
  answered = false;

  send(message) {
    const bytes = new Uint8Array(message);
    if (bytes.length > LARGEST) {
      this.close(TOO_LONG);
      return;
    }
    if (bytes[0] === SYNC && (bytes[1] === STEP_2 || bytes[1] === UPDATE)) {
      this.sent += 1;
      if (bytes[1] === STEP_2) this.answered = true;
      if (!isEmpty(bytes)) this.#lastNews = this.sent;
    }
    super.send(message);
  }

  /** Whether something was sent that is not stored yet. */
  get holdsNews() {
    return this.#lastNews > this.stored;
  }

  get allStored() {
    return this.answered && this.sent === this.stored;
  }
}

// An update of two bytes, both zero, says nothing.
const isEmpty = (bytes) => bytes.length === 5 && !bytes[3] && !bytes[4];
