/**
 * Keeps parts of a console page up to date, without any markup of its own: the server draws, this puts it in place.
 *
 * - [data-live] names the address of a part, asked every few seconds while the page is seen; only what changed is exchanged, so that a
 *   screen reader hears new lines only and nobody's place is lost.
 * - [data-keyed] holds children that are told apart by their ids.
 * - [data-fill] is a link that puts a text into a field instead of loading the page anew.
 * - form[data-once] is sent once, however often its button is pressed.
 */

const EVERY = 3000; // milliseconds
const OF_ITSELF = { "hx-request": "true" }; // tells the server that no person asks: an empty chair is logged out

function merge(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (!("keyed" in old.dataset && "keyed" in fresh.dataset)) {
    for (const [at, details] of [...fresh.querySelectorAll("details")].entries()) {
      details.open = old.querySelectorAll("details")[at]?.open ?? details.open;
    }
    if (!old.isEqualNode(fresh)) old.replaceWith(fresh);
    return;
  }
  const atEnd = "follow" in old.dataset && old.scrollTop + old.clientHeight >= old.scrollHeight - 40;
  for (const gone of [...old.children].filter((child) => !fresh.querySelector(`:scope > #${child.id}`))) gone.remove();
  for (const [at, child] of [...fresh.children].entries()) {
    const known = old.querySelector(`:scope > #${child.id}`);
    if (!known) old.insertBefore(child, old.children[at] ?? null);
    else {
      if (old.children[at] !== known) old.insertBefore(known, old.children[at]);
      merge(known, child);
    }
  }
  if (atEnd) old.scrollTop = old.scrollHeight;
}

async function refresh(part, lost) {
  if (document.hidden) return;
  try {
    const answer = await fetch(part.dataset.live, { headers: OF_ITSELF, cache: "no-store" });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere?.startsWith("/staff/login")) return void location.reload(); // the page itself knows where to come back to
    if (elsewhere) return void location.assign(elsewhere);
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    if (lost) lost.hidden = true;
    merge(part, document.importNode(fresh, true));
  } catch {
    if (lost) lost.hidden = false;
  }
}

async function follow(part) {
  const lost = document.querySelector("[data-live-lost]");
  while (part.isConnected && part.dataset.live) {
    await new Promise((done) => setTimeout(done, EVERY));
    await refresh(part, lost);
  }
}

for (const part of document.querySelectorAll("[data-live]")) follow(part);
for (const list of document.querySelectorAll("[data-follow]")) list.scrollTop = list.scrollHeight;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-fill]");
  const field = link && document.getElementById(link.dataset.fill);
  if (!field) return;
  event.preventDefault();
  const text = link.closest("details").querySelector(".text").textContent;
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
  field.focus();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sent) return void event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
