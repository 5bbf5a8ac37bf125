/**
 * What an answer rests on: a closed list that opens to label, quote or summary, period and link.
 */

import { icon, make } from "./element.js";
import { t } from "./strings.js";
import { drawLink, safeUrl } from "./text.js";

/** The collapsible list for an answer's citations, or null when there are none. */
export function drawSources(citations) {
  if (!citations.length) return null;
  return make(
    "details", { class: "sources", ontoggle: reveal },
    make("summary", {}, t("sources", { n: citations.length })),
    make("ol", { role: "list" }, ...citations.map(drawCitation)),
  );
}

/** The person opened it to read it: bring it into view. */
function reveal({ target }) {
  if (target.open) target.scrollIntoView({ block: "nearest" });
}

function drawCitation({ label, quote, quote_kind: kind, period, url }) {
  const official = kind === "official";
  const href = url ? safeUrl(url) : null;
  return make(
    "li", { class: "citation" },
    make("p", { class: "label", lang: "vi" }, label),
    quote && make("p", { class: `kind ${official ? "official" : "summary"}` }, t(official ? "quote_official" : "quote_summary")),
    quote && make(official ? "blockquote" : "p", { class: "quote", lang: "vi" }, quote),
    period && make("p", { class: "period" }, t("period", { period })),
    href && make("p", { class: "source-link" }, drawLink(href, t("open_source"), icon("out"))),
  );
}
