/**
 * Server-sent events read from a fetch body.
 *
 * EventSource cannot send the Authorization header, and the token must not travel in a URL.
 */

/** Yields {id, event, data} for each frame; `onbytes` is called for every chunk, comments included. */
export async function* readFrames(body, onbytes = () => {}) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  let frame = { id: null, event: "message", data: [] };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return; // a frame without its blank line is incomplete: the cursor will bring it again
      onbytes();
      buffer += decoder.decode(value, { stream: true });
      for (;;) {
        const end = /\r\n|\n|\r(?!$)/.exec(buffer); // a CR at the very end may be half of CRLF
        if (!end) break;
        const line = buffer.slice(0, end.index);
        buffer = buffer.slice(end.index + end[0].length);
        if (line) readField(frame, line);
        else {
          if (frame.data.length) yield { ...frame, data: frame.data.join("\n") };
          frame = { id: null, event: "message", data: [] };
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function readField(frame, line) {
  const colon = line.indexOf(":");
  if (colon === 0) return; // a comment
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (name === "data") frame.data.push(value);
  else if (name === "event") frame.event = value;
  else if (name === "id" && /^\d+$/.test(value)) frame.id = Number(value);
}
