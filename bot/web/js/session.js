/**
 * The right to one conversation: a token in this browser, shared by its tabs.
 *
 * Tabs may open sessions at the same moment; the one stored last wins and the others move over to it.
 */

import { look } from "./look.js";
import { load, save, watch } from "./storage.js";

const KEY = "session";

export class Session {
  #api;
  #opening = null;

  constructor(api) {
    this.#api = api;
  }

  get current() {
    return load(KEY);
  }

  /** Opens a session unless there is one; `refused` is a token the server no longer takes. */
  async ensure(refused = null) {
    const current = this.current;
    if (current && current.token !== refused) return current;
    this.#opening ??= this.#open(refused).finally(() => (this.#opening = null));
    return this.#opening;
  }

  /** Replaces the session by a new one, whatever the old one was. */
  async replace() {
    const fresh = await this.#api.createSession(look().language);
    save(KEY, fresh);
    return fresh;
  }

  /** Deletes the conversation on the server and forgets it here. */
  async erase() {
    const token = this.current?.token;
    try {
      if (token) await this.#api.deleteSession(token);
    } catch (error) {
      if (error.status !== 401 && error.status !== 404) throw error; // those mean it is already gone
    }
    if (this.current?.token === token) save(KEY, null);
  }

  /** Remembers something about the current session across reloads. */
  note(facts) {
    if (this.current) save(KEY, { ...this.current, ...facts });
  }

  watch(listener) {
    watch(KEY, listener);
  }

  async #open(refused) {
    const fresh = await this.#api.createSession(look().language);
    const other = this.current; // another tab may have been faster
    if (other && other.token !== refused) return other;
    save(KEY, fresh);
    return fresh;
  }
}
