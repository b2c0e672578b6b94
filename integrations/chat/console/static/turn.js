// Turning the page: to another pane of the same person without loading anew, to
// another person by loading.

import { $, body, narrow, now } from "./page.js";
import { connection, isAway, look } from "./link.js";
import { bottom, days, mark, threads, watchRoom } from "./draw.js";
import { keepDraft, restoreDraft } from "./compose.js";
import { night } from "./stage.js";

// go turns the page to another pane; for another person it loads anew.
export async function go(path, push = true) {
  let next;
  try {
    const response = await fetch(path);
    if (!response.ok) return location.assign(path);
    next = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    connection("lost"); // the page stays as it is, with what was typed
    return;
  }
  const to = next.body;
  const whole = to.dataset.person !== body.dataset.person || to.dataset.mode !== body.dataset.mode ||
    to.dataset.epoch !== body.dataset.epoch || next.documentElement.lang !== document.documentElement.lang || !$("pane");
  if (whole) return location.assign(path);
  keepDraft();
  if (push) history.pushState({}, "", path);
  document.title = next.title;
  for (const name of ["pane", "rail", "stage"]) $(name).replaceChildren(...next.getElementById(name).childNodes);
  $("pane").className = next.getElementById("pane").className;
  body.dataset.pane = to.dataset.pane;
  now.seq = Number(to.dataset.seq);
  drawer(false);
  settle();
  look();
  (narrow.matches || !$("say") ? $("pane-name") : $("say")).focus();
}

// settle brings up what belongs to the pane that the page shows now.
export function settle() {
  now.thread = "";
  threads();
  days();
  bottom();
  watchRoom();
  restoreDraft();
  mark();
  night();
  if ($("send")) $("send").disabled = isAway();
}

// drawer opens and closes the list of panes on a narrow page.
export function drawer(open) {
  body.classList.toggle("drawer-open", open);
  document.querySelector("[data-drawer]")?.setAttribute("aria-expanded", String(open));
  if (open) $("rail").querySelector("a, button")?.focus();
}
