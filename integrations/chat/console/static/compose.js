// The input: drafts that survive, threads, and the completion of commands.

import { $, body, lostWords, now } from "./page.js";
import { ask, isAway, isOpen } from "./link.js";
import { bottom } from "./draw.js";
import { showForm } from "./forms.js";

const draftKey = () => `draft ${body.dataset.person} ${body.dataset.pane}`;
export function keepDraft() {
  if ($("say")) sessionStorage.setItem(draftKey(), $("say").value);
}
export function restoreDraft() {
  if (!$("say")) return;
  $("say").value = sessionStorage.getItem(draftKey()) || "";
  grow();
}
export function forgetDrafts() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft ")) sessionStorage.removeItem(key);
}
export function grow() {
  const box = $("say");
  box.style.height = "auto";
  box.style.height = Math.min(box.scrollHeight, 200) + "px";
}

export function submitLine() {
  const box = $("say");
  const text = box.value;
  if (!text.trim()) return;
  if (isAway()) return note(lostWords());
  note("");
  hideOffers();
  const at = body.dataset.pane;
  const key = draftKey();
  box.value = ""; // what is kept goes only once the server has it
  grow();
  ask({ kind: "say", text, thread: now.thread }, (answer, op) => {
    if (sessionStorage.getItem(key) === text) sessionStorage.removeItem(key);
    if (answer.state === "form") showForm(answer.html, op);
    if (answer.state !== "failed") return;
    if (body.dataset.pane === at && !$("say").value) { // give it back
      $("say").value = text;
      keepDraft();
      grow();
    }
    note(answer.text || "");
  });
  leaveThread();
  bottom();
}

export function note(text) {
  if ($("composer-note")) $("composer-note").textContent = text;
}

export function enterThread(item) {
  now.thread = item.id;
  const words = item.querySelector(".card-title, .words, .card p");
  $("thread-of").textContent = words ? words.textContent.slice(0, 60) : "";
  $("thread-mode").hidden = false;
  $("say").focus();
}
export function leaveThread() {
  now.thread = "";
  if ($("thread-mode")) $("thread-mode").hidden = true;
}

// ---- completion ----

let picked = -1;
const commands = () => JSON.parse($("commands").textContent || "[]") || [];
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function complete() {
  const text = $("say").value;
  if (!text.startsWith("/") || text.includes("\n")) return hideOffers();
  if (!text.includes(" ")) {
    const typed = plain(text.slice(1));
    const found = commands().filter((one) => plain(one.name).startsWith(typed) || (one.also && plain(one.also).startsWith(typed)));
    return showOffers(found.map((one) => ({ value: `/${one.name} `, name: `/${one.name}`, hint: one.hint, about: one.about })));
  }
  if (!isOpen()) return hideOffers();
  ask({ kind: "complete", text }, (answer) => {
    if ($("say") && $("say").value === text) showOffers((answer.choices || []).map((one) => ({ value: one.value, name: one.label })));
  });
}

function showOffers(list) {
  const box = $("offers");
  picked = -1;
  box.replaceChildren(...list.map((one, i) => {
    const item = document.createElement("div");
    item.className = "offer";
    item.id = "offer-" + i;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.value = one.value;
    for (const [name, words] of [["offer-name", one.name], ["offer-hint", one.hint], ["offer-about", one.about]]) {
      if (!words) continue;
      const span = document.createElement("span");
      span.className = name;
      span.textContent = words;
      item.append(span);
    }
    return item;
  }));
  box.hidden = list.length === 0;
  $("say").removeAttribute("aria-activedescendant");
  if (list.length && !list[0].about) return; // choices of a text: Enter sends it as it is
  if (list.length) pickOffer(0);
}
export function hideOffers() {
  if ($("offers") && !$("offers").hidden) showOffers([]);
}
export function pickOffer(to) {
  const items = [...$("offers").children];
  picked = (to + items.length) % items.length;
  items.forEach((one, i) => one.setAttribute("aria-selected", String(i === picked)));
  items[picked].scrollIntoView({ block: "nearest" });
  $("say").setAttribute("aria-activedescendant", items[picked].id);
}
export function takeOffer(item) {
  $("say").value = item.dataset.value;
  keepDraft();
  grow();
  $("say").focus();
  hideOffers();
  complete();
}

// typing handles the keys of the input; it says whether it used one.
export function typing(event) {
  const open = !$("offers").hidden;
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    pickOffer(picked < 0 && event.key === "ArrowUp" ? -1 : picked + (event.key === "ArrowDown" ? 1 : -1));
    return true;
  }
  if (open && event.key === "Escape") {
    event.preventDefault();
    hideOffers();
    return true;
  }
  const item = open && picked >= 0 ? $("offers").children[picked] : null;
  const exact = item && item.dataset.value.trim() === $("say").value.trim();
  if (item && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && !exact) {
    event.preventDefault();
    takeOffer(item);
    return true;
  }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submitLine();
    return true;
  }
  if (event.key === "Escape" && now.thread) {
    leaveThread();
    return true;
  }
  return false;
}
