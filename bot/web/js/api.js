/**
 * The server's chat API, one method per route.
 *
 * Every failure becomes an ApiError that says what to do next: `status` 0 means the server was not reached,
 * `detail` is a sentence for the person (or null), `retryAfter` counts seconds.
 */

const TIMEOUT = 15_000;

export class ApiError extends Error {
  constructor(status, { detail = null, retryAfter = null, token = null } = {}) {
    super(`chat API answered ${status}`);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
    this.token = token;
  }

  /** True when sending the same thing again cannot help. */
  get refused() {
    return [400, 413, 415, 422].includes(this.status);
  }
}

export class Api {
  #fetch;

  constructor(fetcher = (...request) => fetch(...request)) {
    this.#fetch = fetcher;
  }

  createSession(language) {
    return this.#json("POST", "sessions", { body: { language } });
  }

  /** What is kept of people, as pairs of heading and sentences. */
  async privacy(language) {
    return (await this.#json("GET", `privacy?language=${language}`, {})).paragraphs;
  }

  send(token, { id, text }) {
    return this.#json("POST", "messages", { token, body: { client_msg_id: id, text } });
  }

  async history(token, after) {
    const page = await this.#json("GET", `messages?after=${after}`, { token });
    return page.messages ?? [];
  }

  seen(token, seq) {
    return this.#json("POST", "receipts", { token, body: { seen: seq } });
  }

  rate(token, { turn, rating, reason = null, comment = null }) {
    return this.#json("POST", "feedback", { token, body: { turn, rating, reason, comment } });
  }

  deleteSession(token) {
    return this.#json("DELETE", "sessions/current", { token });
  }

  /** The open event stream; the caller ends it with `signal`. */
  events(token, after, signal) {
    return this.#request("GET", `events?after=${after}`, { token, signal, accept: "text/event-stream" });
  }

  async #json(method, path, { token, body }) {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), TIMEOUT);
    try {
      const response = await this.#request(method, path, { token, body, signal: timeout.signal });
      return response.status === 204 ? null : await readJson(response, token);
    } finally {
      clearTimeout(timer);
    }
  }

  async #request(method, path, { token, body, signal, accept = "application/json" }) {
    const headers = { Accept: accept };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await this.#fetch(`/api/chat/${path}`, {
        method, headers, signal, cache: "no-store", credentials: "same-origin",
        body: body ? JSON.stringify(body) : undefined,
      });
    } catch {
      throw new ApiError(0, { token });
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => null);
    throw new ApiError(response.status, {
      detail: typeof problem?.detail === "string" ? problem.detail : null,
      retryAfter: Number(response.headers.get("Retry-After")) || null,
      token,
    });
  }
}

async function readJson(response, token) {
  try {
    return await response.json();
  } catch {
    throw new ApiError(0, { token }); // cut off on the way, or a proxy's own page
  }
}
