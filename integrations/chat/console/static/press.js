// Buttons: asking once more, showing that something is under way.

import { $, lostWords } from "./page.js";
import { ask, isAway } from "./link.js";
import { toast } from "./draw.js";
import { showForm } from "./forms.js";
import { go } from "./turn.js";

function confirmed(button, act) {
  if (!button.dataset.confirm) return act();
  const box = $("confirm-dialog");
  $("confirm-title").textContent = button.dataset.confirm;
  $("confirm-text").textContent = button.dataset.confirmText;
  box.querySelector("[data-yes]").textContent = button.dataset.yes;
  box.querySelector("[data-no]").textContent = button.dataset.no;
  box.returnValue = "";
  box.onclose = () => { if (box.returnValue === "yes") act(); };
  box.showModal();
  box.querySelector("[data-no]").focus();
}

export function press(button, op) {
  if (button.getAttribute("aria-disabled") === "true") return;
  if (isAway()) return toast(lostWords());
  confirmed(button, () => {
    button.closest("details.more")?.removeAttribute("open");
    busy(button, true);
    ask(op, (answer) => {
      if (answer.state === "go") return go(answer.to);
      if (answer.state === "busy") return working(button, answer.text);
      busy(button, false);
      if (answer.state === "form") showForm(answer.html, op);
      if (answer.state === "failed" && answer.text) toast(answer.text);
    });
  });
}

function busy(button, on) {
  button.classList.toggle("pressed", on);
  if (on) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

// working puts "Working…" in place of a card's buttons until the card is drawn
// anew; if that never comes they are given back.
function working(button, text) {
  const card = button.closest(".card");
  if (!card || !card.isConnected) return;
  const wait = document.createElement("p");
  wait.className = "wait";
  wait.append($("thinking").content.cloneNode(true), " " + text);
  wait.setAttribute("role", "status");
  wait.tabIndex = -1;
  const rows = [...card.querySelectorAll(".row, .pick")];
  const hadFocus = card.contains(document.activeElement);
  rows.forEach((row) => { row.hidden = true; });
  card.append(wait);
  if (hadFocus) wait.focus({ preventScroll: true });
  setTimeout(() => {
    wait.remove();
    rows.forEach((row) => { row.hidden = false; });
    busy(button, false);
  }, 15000);
}
