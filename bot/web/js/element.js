/**
 * The one way this page makes elements: by node, never by markup, so no text can become HTML.
 */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  copy: "M9 9h10v12H9zM5 15V3h10",
  done: "M5 13l4 4L19 7",
  alert: "M12 3 2 20h20zM12 10v4M12 17v.2",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8v.2",
  up: "M7 11v9H4v-9zM7 11l4-8a2 2 0 0 1 2 2v4h6a1.500 1.500 0 0 1 1.500 1.800l-1.300 7A1.500 1.500 0 0 1 17.700 19H7",
  down: "M17 13V4h3v9zM17 13l-4 8a2 2 0 0 1-2-2v-4H5a1.500 1.500 0 0 1-1.500-1.800l1.300-7A1.500 1.500 0 0 1 6.300 5H17",
  file: "M6 3h8l4 4v14H6zM14 3v4h4M9 13h6M9 17h6",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
};

/** An element with attributes and children; `class`, `data-*`, `aria-*` as written, `on…` as listeners. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A line icon, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24", width: "16", height: "16", fill: "none", stroke: "currentColor",
    "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  })) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Text for screen readers only. */
export const unseen = (text) => make("span", { class: "unseen" }, text);
