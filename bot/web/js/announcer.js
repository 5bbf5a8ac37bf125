/**
 * A hidden live region that speaks each new message once.
 *
 * Apart from the visible list, because browsers read a list again when it is redrawn; entries leave after a
 * second, so that nobody meets them twice when browsing.
 */

import { make } from "./element.js";

const STAY = 1_000;

export class Announcer {
  #region;

  constructor(region) {
    this.#region = region;
  }

  say(text) {
    const entry = make("p", {}, text);
    this.#region.append(entry);
    setTimeout(() => entry.remove(), STAY);
  }
}
