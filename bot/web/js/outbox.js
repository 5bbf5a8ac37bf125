/**
 * Messages not yet taken by the server, in the order they were written, kept across reloads and shared by tabs.
 *
 * One is sent at a time. Two tabs may send the same one: the server answers both with the same seq, because
 * `id` is the client_msg_id. A refused message stays, marked, until the person edits it or sends it again.
 */

import { backoff } from "./connection.js";
import { load, save, watch } from "./storage.js";

const KEY = "outbox";
const TITLES = "titles";
const LIMIT = 20;
const TITLES_LIMIT = 100;
const STUCK_AFTER = 3;

export class Outbox {
  #send;
  #on;
  #running = false;
  #failures = 0;
  #timer = null;

  /** `send(item)` resolves to {seq}; `on` has sent, refused, waiting and unauthorized. */
  constructor({ send, on }) {
    this.#send = send;
    this.#on = on;
  }

  items() {
    return load(KEY, []);
  }

  get full() {
    return this.items().length >= LIMIT;
  }

  /** Queues a text; `title` is what the transcript shows instead (a chip's face). */
  add(text, title = null) {
    const item = { id: uuid(), text, title, at: new Date().toISOString(), refused: false };
    save(KEY, [...this.items(), item]);
    if (title && title !== text) {
      const kept = Object.entries(load(TITLES, {})).slice(1 - TITLES_LIMIT);
      save(TITLES, Object.fromEntries([...kept, [item.id, title]]));
    }
    return item;
  }

  /** The face of the chip this message came from, if any. */
  title(id) {
    return load(TITLES, {})[id] ?? null;
  }

  remove(id) {
    save(KEY, this.items().filter((item) => item.id !== id));
  }

  clear() {
    clearTimeout(this.#timer);
    this.#failures = 0;
    save(KEY, null);
    save(TITLES, null);
  }

  /** Sends again what was refused or is waiting. */
  retry(id) {
    this.#mark(id, false);
    this.flush();
  }

  /** Sends everything that waits; call it whenever the network may be back. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#running) return;
    this.#running = true;
    try {
      while (await this.#sendFirst());
    } finally {
      this.#running = false;
    }
  }

  watch(listener) {
    watch(KEY, listener);
  }

  /** Returns true when the next one may be tried at once. */
  async #sendFirst() {
    const item = this.items().find(({ refused }) => !refused);
    if (!item) return false;
    try {
      const { seq } = await this.#send(item);
      this.#failures = 0;
      this.remove(item.id);
      this.#on.sent(item, seq);
      return true;
    } catch (error) {
      if (error.refused) {
        this.#mark(item.id, true);
        this.#on.refused(item, error.detail);
        return true;
      }
      this.#failures += 1;
      if (error.status === 401 && this.#failures <= STUCK_AFTER) {
        if (await this.#on.unauthorized(error.token).then(() => true, () => false)) return true;
      }
      this.#on.waiting(item, error, this.#failures >= STUCK_AFTER);
      const pause = error.retryAfter ? error.retryAfter * 1000 : backoff(this.#failures - 1);
      this.#timer = setTimeout(() => this.flush(), pause);
      return false;
    }
  }

  #mark(id, refused) {
    save(KEY, this.items().map((item) => (item.id === id ? { ...item, refused } : item)));
  }
}

/** A version 4 UUID; crypto.randomUUID exists on HTTPS pages only. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
