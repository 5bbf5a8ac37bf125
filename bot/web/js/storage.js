/**
 * Browser storage that never throws.
 *
 * Private windows, blocked cookies and a full quota make localStorage fail; the page then goes on with
 * memory alone and only loses what a reload would have kept.
 */

const PREFIX = "award.chat.";
const memory = new Map();

/** The stored value, or `fallback`. */
export function load(key, fallback = null) {
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key)) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Stores a value; `null` removes it. */
export function save(key, value) {
  memory.delete(key);
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    memory.set(key, value);
  }
}

/** Calls `listener` when another tab changed `key`. */
export function watch(key, listener) {
  addEventListener("storage", (event) => {
    if (event.key === PREFIX + key || event.key === null) listener();
  });
}
