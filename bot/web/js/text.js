/**
 * The small markup of answers: blank lines, "- " lists, **bold** and http(s) links; nothing else.
 *
 * Everything ends up as text nodes inside p, ul, li, strong and a. Unknown markup stays as typed.
 */

import { make, unseen } from "./element.js";
import { t } from "./strings.js";

const BOLD = /\*\*(\S|\S.*?\S)\*\*/g; // no lookbehind: Safari before 16.4 would refuse the whole module
const LINK = /https?:\/\/[^\s<>"'“”‘’«»]+/gi;
const LIST_LINE = /^\s*[-•]\s+(.*)$/;

/** Splits a text into paragraphs and lists. */
export function blocks(text) {
  const found = [];
  let open = null;
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const item = LIST_LINE.exec(line);
    if (!line.trim()) open = null;
    else if (item) {
      if (open?.kind !== "list") found.push((open = { kind: "list", lines: [] }));
      open.lines.push(item[1]);
    } else if (open?.kind === "list" && /^\s/.test(line)) {
      open.lines[open.lines.length - 1] += `\n${line.trim()}`;
    } else {
      if (open?.kind !== "paragraph") found.push((open = { kind: "paragraph", lines: [] }));
      open.lines.push(line);
    }
  }
  return found;
}

/** An answer's text as nodes. */
export function drawText(text) {
  return blocks(text).map((block) =>
    block.kind === "list"
      ? make("ul", {}, ...block.lines.map((line) => make("li", {}, ...drawBold(line))))
      : make("p", {}, ...drawBold(block.lines.join("\n"))),
  );
}

/** What a person typed: kept as typed, only links become links. */
export const drawTyped = (text) => [make("p", {}, ...drawLinks(text))];

/** The text without its markup, for the clipboard and for screen readers. */
export const plainText = (text) => text.replace(BOLD, "$1");

/** `url` if it is safe to link to (http or https, or a path on this site), else null. */
export function safeUrl(url) {
  try {
    const { protocol, href } = new URL(url, location.origin);
    return protocol === "https:" || protocol === "http:" ? href : null;
  } catch {
    return null;
  }
}

/** A link that opens in a new tab and says so. */
export function drawLink(url, ...children) {
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children, unseen(` (${t("new_tab")})`));
}

function drawBold(text) {
  return split(text, BOLD, (match) => make("strong", {}, ...drawLinks(match[1])), drawLinks);
}

function drawLinks(text) {
  return split(text, LINK, (match) => {
    const url = trimUrl(match[0]);
    const href = safeUrl(url);
    if (!href) return match[0];
    const rest = match[0].slice(url.length);
    const link = drawLink(href, url);
    if (!rest) return link;
    const both = document.createDocumentFragment();
    both.append(link, rest);
    return both;
  }, (plain) => [plain]);
}

/** Maps the matches of `pattern` with `hit` and the text between them with `miss`. */
function split(text, pattern, hit, miss) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) nodes.push(...miss(text.slice(end, match.index)));
    nodes.push(hit(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(...miss(text.slice(end)));
  return nodes;
}

/** Drops the sentence's own punctuation from the end of a URL, and a bracket it did not open. */
function trimUrl(url) {
  for (;;) {
    const last = url.at(-1);
    const opener = { ")": "(", "]": "[", "}": "{" }[last];
    if (".,;:!?…*".includes(last) || (opener && !url.includes(opener))) url = url.slice(0, -1);
    else return url;
  }
}
