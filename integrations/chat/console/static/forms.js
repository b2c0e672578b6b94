// Forms in a dialog, with what is wrong beside each field; and long menus, in forms
// and on cards, that are searched.

import { $, fieldError, fragment, lostWords } from "./page.js";
import { ask, isAway } from "./link.js";
import { brought } from "./pictures.js";

let formOp = null;
export function showForm(html, op) {
  const box = $("form-dialog");
  box.replaceChildren(...fragment(html).childNodes);
  formOp = op;
  box.showModal();
  (box.querySelector("input, textarea, select") || box.querySelector("button")).focus();
  box.querySelectorAll("[data-max]").forEach(count);
}

// grouped is a number with its thousands apart, as the page's language has them.
const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, document.documentElement.lang === "fr" ? "\u00a0" : ",");

export function count(input) {
  const left = Number(input.dataset.max) - [...input.value].length;
  const hint = input.closest(".field").querySelector(".hint");
  if (hint.dataset.text === undefined) hint.dataset.text = hint.textContent;
  hint.textContent = (hint.dataset.text ? hint.dataset.text + " · " : "") + `${grouped([...input.value].length)} / ${grouped(input.dataset.max)}`;
  hint.classList.toggle("over", left < 0);
}

export async function sendForm(form) {
  if (form.dataset.busy) return;
  const problem = form.querySelector(".form-error");
  problem.hidden = true;
  if (isAway()) return formProblem(form, lostWords());
  form.dataset.busy = "1";
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value) (values[name] = values[name] || []).push(value);
  }
  const wrong = {};
  for (const input of form.querySelectorAll("input[type=file]")) {
    const picture = await brought(input);
    if (picture.path) values[input.name] = [picture.path];
    if (picture.wrong) wrong[input.name] = picture.wrong;
  }
  if (Object.keys(wrong).length) {
    delete form.dataset.busy;
    return formErrors(form, wrong);
  }
  ask({ kind: "submit", form: form.dataset.form, values, channel: formOp.channel }, (answer) => {
    delete form.dataset.busy;
    if (answer.state === "errors") return formErrors(form, answer.errors);
    if (answer.state === "failed") return formProblem(form, answer.text || "");
    $("form-dialog").close();
  });
}

function formProblem(form, text) {
  const problem = form.querySelector(".form-error");
  problem.textContent = text;
  problem.hidden = false;
}

function formErrors(form, errors) {
  let first = null;
  for (const field of form.querySelectorAll(".field")) {
    const words = errors[field.dataset.field] || "";
    const input = fieldError(field, words);
    if (words && !first) first = input;
  }
  if (first) first.focus();
  const other = Object.entries(errors).find(([id]) => ![...form.querySelectorAll(".field")].some((field) => field.dataset.field === id));
  if (other) formProblem(form, other[1]);
}

// seek lists what is looked for in a menu that lists but some of its choices. What
// is chosen stays; of two answers the later question's counts.
let sought = 0;
export function seek(input) {
  const turn = ++sought;
  const form = input.closest("form");
  const where = form.dataset.menu
    ? { message: form.closest("li.msg").id, callback: form.dataset.menu }
    : { form: form.dataset.form, field: input.closest(".field").dataset.field };
  ask({ kind: "search", text: input.value, ...where }, (answer) => {
    if (turn !== sought || answer.state !== "choices") return;
    const box = input.closest(".field, .pick");
    const list = box.querySelector("select");
    if (list) listOptions(list, answer.choices || []);
    else listChecks(box.querySelector("fieldset"), where.field || "choice", answer.choices || []);
  });
}

function listOptions(list, choices) {
  const kept = [...list.options].filter((one) => one.selected || !one.value);
  const fresh = choices.filter((one) => !kept.some((other) => other.value === one.value));
  list.replaceChildren(...kept, ...fresh.map((one) => new Option(one.label, one.value)));
}

function listChecks(list, name, choices) {
  for (const one of list.querySelectorAll(".check")) if (!one.querySelector("input").checked) one.remove();
  const kept = [...list.querySelectorAll(".check input")].map((one) => one.value);
  list.append(...choices.filter((one) => !kept.includes(one.value)).map((one) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const words = document.createElement("span");
    label.className = "check";
    Object.assign(input, { type: "checkbox", name, value: one.value });
    words.textContent = one.label;
    label.append(input, " ", words);
    return label;
  }));
}
