/**
 * What the menu does with the conversation: begin another, delete this one, read what is kept.
 */

import { confirmWith, openDialog } from "./dialog.js";
import { make } from "./element.js";
import { look } from "./look.js";
import { t } from "./strings.js";

const $ = (id) => document.getElementById(id);

/** `talked()` tells whether the person has said anything; `startOver(change)` empties the page after `change`. */
export function startConversationMenu({ menu, api, session, talked, startOver, ondeleted, onfailed }) {
  const opener = $("menu-button");

  $("new-button").addEventListener("click", () => {
    menu.close();
    const act = () => startOver(() => session.replace());
    if (!talked()) return void act().catch(onfailed);
    confirmWith($("confirm"), { opener, title: t("new_chat"), text: t("new_chat_ask"), yes: t("new_chat_yes"), act });
  });

  $("delete-button").addEventListener("click", () => {
    menu.close();
    const act = async () => {
      await startOver(() => session.erase());
      ondeleted();
    };
    confirmWith($("confirm"), { opener, title: t("delete_chat"), text: t("delete_ask"), yes: t("delete_yes"), danger: true, act });
  });

  $("privacy-button").addEventListener("click", async () => {
    menu.close();
    $("privacy-text").replaceChildren(make("p", {}, t("loading")));
    openDialog($("privacy"), opener);
    const drawn = await api.privacy(look().language).then(draw, () => [make("p", {}, t("action_failed"))]);
    $("privacy-text").replaceChildren(...drawn);
  });
}

const draw = (paragraphs) => paragraphs.map(([heading, sentences]) => make("p", {}, make("strong", {}, heading), ` ${sentences}`));
