/**
 * Keeps the conversation fed: an event stream that resumes at a cursor, or polling where streams do not live.
 *
 * - A lost stream is reopened after 1, 2, 4 … 30 s with jitter; `online` and coming back to the tab cut the wait.
 * - Two streams in a row that die within 5 s mean a proxy that does not pass them: poll every 3 s instead,
 *   and try a stream again after a minute.
 * - A tab hidden for two minutes gives its connection back (browsers allow six per host) and polls slowly.
 */

import { ApiError } from "./api.js";
import { readFrames } from "./stream.js";

const SHORT_LIFE = 5_000;
const HEADERS_WAIT = 10_000;
const SILENCE = 40_000; // the server sends a comment every 15 s
const POLL = 3_000;
const POLLS_BEFORE_STREAM = 20;
const HIDDEN_POLL = 60_000;
const HIDDEN_GRACE = 120_000;
const REPLY_WAIT = 8_000;
const ASKED = "asked"; // why a stream or a wait ended: we wanted it to

/** Milliseconds before attempt `n` (from 0): 1, 2, 4 … 30 s, give or take a quarter. */
export function backoff(n) {
  return Math.min(30, 2 ** n) * 1000 * (0.75 + Math.random() / 2);
}

export class Connection {
  cursor = 0;
  #api;
  #prepare;
  #onframe;
  #onstate;
  #onunauthorized;
  #life = null; // ends this run of the loop
  #step = null; // ends the stream or the wait now in progress
  #listening = false;
  #shortLives = 0;
  #lastBytes = 0;
  #quiet = false;

  /** `prepare` returns the token once session and history are there; `onunauthorized` replaces a refused one. */
  constructor({ api, prepare, onframe, onstate, onunauthorized }) {
    this.#api = api;
    this.#prepare = prepare;
    this.#onframe = onframe;
    this.#onstate = onstate;
    this.#onunauthorized = onunauthorized;
    let grace;
    addEventListener("online", () => this.wake(true));
    addEventListener("offline", () => this.#step?.abort(ASKED));
    addEventListener("pageshow", (event) => event.persisted && this.wake(true));
    document.addEventListener("visibilitychange", () => {
      clearTimeout(grace);
      if (document.hidden) grace = setTimeout(() => this.#rest(true), HIDDEN_GRACE);
      else if (this.#quiet) this.#rest(false);
      else this.wake(false);
    });
  }

  /** Starts, or starts over from `cursor`. */
  start(cursor = 0) {
    this.stop();
    this.#shortLives = 0;
    this.cursor = cursor;
    this.#life = new AbortController();
    this.#run(this.#life.signal);
  }

  stop() {
    this.#life?.abort();
    this.#step?.abort(ASKED);
  }

  /** Ends a wait at once; with `fresh` also replaces a stream that may be dead. */
  wake(fresh) {
    if (fresh || !this.#listening) this.#step?.abort(ASKED);
  }

  /** After a message was sent: if the stream stays silent, look for the answer the other way. */
  expectReply() {
    const sent = Date.now();
    const life = this.#life.signal;
    setTimeout(async () => {
      if (life.aborted || !this.#listening || this.#lastBytes > sent) return;
      try {
        if ((await this.#poll(await this.#prepare(), life)) === 0 || life.aborted) return;
      } catch {
        return; // the stream's own watchdog will notice
      }
      this.#shortLives = 2;
      this.#step?.abort(ASKED);
    }, REPLY_WAIT);
  }

  #rest(quiet) {
    this.#quiet = quiet;
    this.#step?.abort(ASKED);
  }

  async #run(life) {
    let failures = 0;
    let polls = 0;
    while (!life.aborted) {
      let pause;
      try {
        const token = await this.#prepare();
        if (life.aborted) return;
        if (this.#quiet || this.#shortLives >= 2) {
          await this.#poll(token, life);
          if (life.aborted) return;
          this.#onstate("open");
          pause = this.#quiet ? HIDDEN_POLL : POLL;
          if (++polls % POLLS_BEFORE_STREAM === 0) this.#shortLives = 1;
          failures = 0;
        } else {
          const lived = await this.#listen(token, life);
          if (life.aborted) return;
          this.#onstate("connecting");
          pause = lived === ASKED ? 0 : backoff(0);
          if (lived !== ASKED) this.#shortLives = lived < SHORT_LIFE ? this.#shortLives + 1 : 0;
          if (lived !== ASKED) failures = 0;
        }
      } catch (error) {
        if (life.aborted) return;
        if (!(error instanceof ApiError)) console.error(error);
        this.#onstate("down");
        pause = error.retryAfter ? error.retryAfter * 1000 : backoff(failures);
        if (error.status === 401 && failures < 3) {
          await this.#onunauthorized(error.token).catch(() => {});
          pause = 0;
        }
        failures += 1;
        if (life.aborted) return;
      }
      await this.#wait(pause);
    }
  }

  /**
   * Reads one stream to its end and returns how long it lived: 0 if it never carried a byte, ASKED if it was
   * ended on purpose. Raises ApiError when it could not be opened.
   */
  async #listen(token, life) {
    const step = (this.#step = new AbortController());
    let carried = false;
    let opened = 0;
    let watchdog;
    const expect = (ms) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => step.abort("silent"), ms);
    };
    expect(HEADERS_WAIT);
    try {
      const response = await this.#api.events(token, this.cursor, step.signal);
      opened = Date.now();
      this.#listening = true;
      if (!life.aborted) this.#onstate("open");
      expect(SILENCE);
      const heard = () => {
        carried = true;
        this.#lastBytes = Date.now();
        expect(SILENCE);
      };
      for await (const frame of readFrames(response.body, heard)) {
        if (life.aborted) return ASKED;
        this.#deliver(frame);
      }
    } catch (error) {
      if (!opened && !step.signal.aborted) throw error;
      // Once open, however it ended, the loop opens it again at the cursor.
    } finally {
      clearTimeout(watchdog);
      this.#listening = false;
    }
    if (step.signal.reason === ASKED) return ASKED;
    return carried ? Date.now() - opened : 0;
  }

  /** Fetches what came after the cursor; returns how many messages. */
  async #poll(token, life) {
    const messages = await this.#api.history(token, this.cursor);
    if (life.aborted) return 0;
    for (const message of messages) {
      this.cursor = Math.max(this.cursor, message.seq);
      this.#hand("message", message, true);
    }
    return messages.length;
  }

  #deliver({ id, event, data }) {
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      return; // not ours to guess; the cursor stays where it was
    }
    if (id !== null) this.cursor = Math.max(this.cursor, id);
    this.#hand(event, value, false);
  }

  /** One frame that cannot be drawn must not end the stream. */
  #hand(event, value, polled) {
    try {
      this.#onframe(event, value, polled);
    } catch (error) {
      console.error(error);
    }
  }

  #wait(ms) {
    const step = (this.#step = new AbortController());
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      step.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
