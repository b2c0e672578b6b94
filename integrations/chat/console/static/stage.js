// The night that passes over everything, once, and ends on its figures.

import { $, body, calm } from "./page.js";

export function night() {
  const box = $("night");
  if (!box || !box.hidden || sessionStorage.getItem("night") === body.dataset.epoch + box.dataset.night) return;
  box.hidden = false;
  body.classList.add("night-on");
  for (const part of [$("desk"), document.querySelector(".stage")]) if (part) part.inert = true;
  const end = box.querySelector(".night-end button");
  const moments = box.querySelectorAll(".moments li");
  moments.forEach((one, i) => one.style.setProperty("--at", (0.6 + (i * 3) / moments.length).toFixed(2) + "s"));
  box.tabIndex = -1;
  box.focus();
  setTimeout(() => end.focus(), calm.matches ? 0 : 4800);
}

export function endNight() {
  const box = $("night");
  if (box) {
    sessionStorage.setItem("night", body.dataset.epoch + box.dataset.night);
    box.hidden = true;
  }
  body.classList.remove("night-on");
  for (const part of [$("desk"), document.querySelector(".stage")]) if (part) part.inert = false;
}
