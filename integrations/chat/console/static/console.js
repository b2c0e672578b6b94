// The page keeps no state of its own beyond what is typed: the server draws
// everything, and says over one WebSocket what changed since the revision that
// this page has seen. Nothing that came from a person is ever put into the page
// but as text, or as HTML that the server escaped.
"use strict";

(() => {
  const body = document.body;
  const $ = (id) => document.getElementById(id);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = matchMedia("(max-width: 760px)");

  let socket = null;
  let attempts = 0;
  let wasLost = false;
  let seq = Number(body.dataset.seq);
  let thread = "";
  let point = null;
  let said = Promise.resolve();
  const waiting = new Map(); // op id -> {op, done}
  const person = body.dataset.person;

  // ---- talking to the server ----

  function connect() {
    const address = new URL("/socket", location.href);
    address.protocol = "ws:";
    address.searchParams.set("person", person);
    socket = new WebSocket(address);
    socket.addEventListener("open", opened);
    socket.addEventListener("message", (event) => received(JSON.parse(event.data)));
    socket.addEventListener("close", lost);
  }

  function opened() {
    attempts = 0;
    look();
    for (const { op } of waiting.values()) socket.send(JSON.stringify(op));
    body.classList.remove("offline");
    if (wasLost) connection("back");
    wasLost = false;
    if ($("send")) $("send").disabled = false;
  }

  function lost() {
    wasLost = true;
    body.classList.add("offline");
    connection("lost");
    if ($("send")) $("send").disabled = true;
    attempts++;
    setTimeout(connect, Math.min(250 * 2 ** (attempts - 1), 5000));
  }

  function connection(state) {
    const area = $("connection");
    area.querySelector("[data-lost]").hidden = state !== "lost";
    area.querySelector("[data-back]").hidden = state !== "back";
    area.dataset.state = state;
    if (state === "back") setTimeout(() => area.dataset.state === "back" && connection(""), 4000);
  }

  const isOpen = () => socket && socket.readyState === WebSocket.OPEN;

  function look() {
    send({ kind: "look", channel: body.dataset.pane, seq, epoch: body.dataset.epoch });
    seen();
  }

  function send(op) {
    if (isOpen()) socket.send(JSON.stringify(op));
  }

  // ask sends an op that is answered; it is sent again after a lost connection.
  function ask(op, done) {
    op.id = crypto.randomUUID();
    op.channel = op.channel || body.dataset.pane;
    waiting.set(op.id, { op, done });
    send(op);
  }

  function received(news) {
    if (news.ack !== undefined) return answered(news);
    if (news.epoch !== body.dataset.epoch || news.mode !== body.dataset.mode) {
      if (news.epoch !== body.dataset.epoch) forgetDrafts();
      return location.reload();
    }
    const stick = atBottom();
    for (const put of news.puts || []) place(put);
    for (const [name, html] of Object.entries(news.regions || {})) region(name, html);
    seq = Math.max(seq, news.seq);
    point = news.point || null;
    mark();
    if ((news.puts || []).length) {
      if (stick) bottom();
      else if (news.puts.some((put) => put.say && !put.parent)) $("newer").hidden = false;
    }
    seen();
    night();
  }

  function answered(answer) {
    const asked = waiting.get(answer.ack);
    if (!asked) return;
    waiting.delete(answer.ack);
    if (answer.state === "form") showForm(answer.html, asked.op);
    if (answer.state === "go") return go(answer.to);
    if (asked.done) asked.done(answer);
    if (answer.state === "failed" && answer.text && !asked.op.quiet && asked.op.kind !== "say") toast(answer.text);
  }

  // ---- drawing ----

  function fragment(html) {
    return new DOMParser().parseFromString(html, "text/html").body;
  }

  // region replaces a part of the page, and gives the focus back to where it was.
  function region(name, html) {
    const old = $(name);
    if (!old) return;
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    const key = focus && (focus.id ? "#" + CSS.escape(focus.id) : focus.dataset.paneLink ? `[data-pane-link="${CSS.escape(focus.dataset.paneLink)}"]` : "");
    const opened = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
    const nightOpen = old.querySelector(".night:not([hidden])");
    if (nightOpen && fragment(html).querySelector(`[data-night="${CSS.escape(nightOpen.dataset.night)}"]`)) return;
    if (nightOpen) endNight();
    old.replaceChildren(...fragment(html).childNodes);
    for (const id of opened) if ($(id)) $(id).open = true;
    if (key) old.querySelector(key)?.focus();
    else if (focus) (old.querySelector(".stage-main") || $("say") || $("pane-name"))?.focus();
  }

  // place puts a message where it belongs: new at its place, changed in place.
  function place(put) {
    const old = $(put.id);
    if (put.gone) {
      if (old) old.remove();
      return empty();
    }
    const item = fragment(put.html).querySelector("li.msg");
    if (!item) return;
    if (old) change(old, item);
    else insert(item, put);
    empty();
    if (put.say) announce(put.say);
  }

  function change(old, item) {
    const before = old.querySelector(":scope > .body");
    const after = item.querySelector(":scope > .body");
    const focus = before.contains(document.activeElement) ? document.activeElement : null;
    const folds = [...before.querySelectorAll("details.fold")].map((one) => one.open);
    const same = before.textContent === after.textContent;
    before.replaceWith(after);
    after.querySelectorAll("details.fold").forEach((one, i) => { one.open = Boolean(folds[i]); });
    old.className = item.className;
    if (!same) flash(old);
    if (focus) {
      const again = focus.dataset.do && after.querySelector(`[data-do="${CSS.escape(focus.dataset.do)}"]`);
      const to = again || after.querySelector("button, a, select") || after;
      if (to === after) after.tabIndex = -1;
      to.focus({ preventScroll: true });
    }
  }

  function flash(item) {
    item.classList.remove("changed");
    void item.offsetWidth; // restarts the animation
    item.classList.add("changed");
  }

  function insert(item, put) {
    const parent = put.parent && $(put.parent);
    const list = parent ? parent.querySelector(":scope > .thread") : $("stream");
    if (!list) return;
    const later = [...list.children].find((one) => Number(one.dataset.seq) > put.seq);
    list.insertBefore(item, later || null);
    item.classList.add("arrived");
    days();
  }

  // threads moves replies under what they answer, in a page just drawn.
  function threads() {
    for (const item of document.querySelectorAll("#stream > li[data-parent]")) {
      const list = $(item.dataset.parent)?.querySelector(":scope > .thread");
      if (list) list.append(item);
    }
  }

  // days says the day above the first message of each.
  function days() {
    let day = "";
    for (const item of document.querySelectorAll("#stream > li.msg")) {
      const first = item.dataset.day !== day;
      day = item.dataset.day;
      let sign = item.querySelector(":scope > .day");
      if (!first && sign) sign.remove();
      if (first && !sign) {
        sign = document.createElement("p");
        sign.className = "day";
        sign.textContent = item.dataset.dayIn;
        item.prepend(sign);
      }
    }
  }

  function empty() {
    if ($("empty")) $("empty").hidden = Boolean($("stream").querySelector("li.msg"));
  }

  // mark draws the eye to the next click.
  function mark() {
    document.querySelectorAll(".here").forEach((one) => one.classList.remove("here"));
    if (!point || point.pane !== body.dataset.pane || !point.action) return;
    const arg = point.arg ? `[data-arg="${CSS.escape(point.arg)}"]` : "";
    const all = document.querySelectorAll(`#stream [data-action="${CSS.escape(point.action)}"]${arg}`);
    const last = all[all.length - 1];
    if (last) last.classList.add("here");
  }

  function announce(text) {
    said = said.then(() => new Promise((done) => {
      $("announce").textContent = text;
      setTimeout(done, 150);
    }));
  }

  let toastTimer = 0;
  function toast(text) {
    const box = $("toast");
    box.textContent = text;
    box.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { box.hidden = true; }, 7000);
  }

  const scroller = () => $("scroll");
  function atBottom() {
    const box = scroller();
    return !box || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  }
  function bottom() {
    const box = scroller();
    if (box) box.scrollTop = box.scrollHeight;
    if ($("newer")) $("newer").hidden = true;
  }
  function seen() {
    if (document.visibilityState === "visible" && $("stream") && atBottom()) {
      send({ kind: "seen", channel: body.dataset.pane, seq });
    }
  }

  // ---- moving between panes and people ----

  async function go(path, push = true) {
    let next;
    try {
      const response = await fetch(path, { headers: { "X-Pane": "1" } });
      if (!response.ok) throw new Error(String(response.status));
      next = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      connection("lost"); // the page stays as it is, with what was typed
      return;
    }
    const to = next.body;
    const whole = to.dataset.person !== person || to.dataset.mode !== body.dataset.mode ||
      to.dataset.epoch !== body.dataset.epoch || next.documentElement.lang !== document.documentElement.lang || !$("pane");
    if (whole) return location.assign(path);
    keepDraft();
    if (push) history.pushState({}, "", path);
    document.title = next.title;
    for (const name of ["pane", "rail", "stage"]) $(name).replaceChildren(...next.getElementById(name).childNodes);
    $("pane").className = next.getElementById("pane").className;
    body.dataset.pane = to.dataset.pane;
    seq = Number(to.dataset.seq);
    drawer(false);
    settle();
    look();
    (narrow.matches || !$("say") ? $("pane-name") : $("say")).focus();
  }

  function settle() {
    thread = "";
    threads();
    days();
    bottom();
    restoreDraft();
    mark();
    night();
    if ($("send")) $("send").disabled = !isOpen();
  }

  function drawer(open) {
    body.classList.toggle("drawer-open", open);
    document.querySelector("[data-drawer]")?.setAttribute("aria-expanded", String(open));
    if (open) $("rail").querySelector("a, button")?.focus();
  }

  // ---- what is typed ----

  const draftKey = () => `draft ${person} ${body.dataset.pane}`;
  function keepDraft() {
    if ($("say")) sessionStorage.setItem(draftKey(), $("say").value);
  }
  function restoreDraft() {
    if (!$("say")) return;
    $("say").value = sessionStorage.getItem(draftKey()) || "";
    grow();
  }
  function forgetDrafts() {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft ")) sessionStorage.removeItem(key);
  }
  function grow() {
    const box = $("say");
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight, 200) + "px";
  }

  function submitLine() {
    const box = $("say");
    const text = box.value;
    if (!text.trim()) return;
    if (!isOpen()) return note(document.querySelector("[data-lost]").textContent);
    note("");
    hideOffers();
    const at = body.dataset.pane;
    box.value = "";
    keepDraft();
    grow();
    ask({ kind: "say", text, thread }, (answer) => {
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

  function note(text) {
    if ($("composer-note")) $("composer-note").textContent = text;
  }

  function enterThread(item) {
    thread = item.id;
    const words = item.querySelector(".card-title, .words, .card p");
    $("thread-of").textContent = words ? words.textContent.slice(0, 60) : "";
    $("thread-mode").hidden = false;
    $("say").focus();
  }
  function leaveThread() {
    thread = "";
    if ($("thread-mode")) $("thread-mode").hidden = true;
  }

  // ---- completion ----

  let picked = -1;
  const commands = () => JSON.parse($("commands").textContent || "[]") || [];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function complete() {
    const text = $("say").value;
    if (!text.startsWith("/") || text.includes("\n")) return hideOffers();
    if (!text.includes(" ")) {
      const typed = plain(text.slice(1));
      const found = commands().filter((one) => plain(one.name).startsWith(typed) || (one.also && plain(one.also).startsWith(typed)));
      return showOffers(found.map((one) => ({ value: `/${one.name} `, name: `/${one.name}`, hint: one.hint, about: one.about })));
    }
    if (!isOpen()) return hideOffers();
    ask({ kind: "complete", text, quiet: true }, (answer) => {
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
    $("say").setAttribute("aria-expanded", String(list.length > 0));
    $("say").removeAttribute("aria-activedescendant");
    if (list.length && !list[0].about) return; // choices of a text: Enter sends it as it is
    if (list.length) pickOffer(0);
  }
  function hideOffers() {
    if ($("offers") && !$("offers").hidden) showOffers([]);
  }
  function pickOffer(to) {
    const items = [...$("offers").children];
    picked = (to + items.length) % items.length;
    items.forEach((one, i) => one.setAttribute("aria-selected", String(i === picked)));
    items[picked].scrollIntoView({ block: "nearest" });
    $("say").setAttribute("aria-activedescendant", items[picked].id);
  }
  function takeOffer(item) {
    $("say").value = item.dataset.value;
    keepDraft();
    grow();
    $("say").focus();
    hideOffers();
    complete();
  }

  // ---- cards, forms, confirms ----

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

  function press(button, op) {
    if (button.getAttribute("aria-disabled") === "true") return;
    if (!isOpen()) return toast(document.querySelector("[data-lost]").textContent);
    confirmed(button, () => {
      button.closest("details.more")?.removeAttribute("open");
      busy(button, true);
      ask(op, (answer) => {
        if (answer.state === "busy") return working(button, answer.text);
        busy(button, false);
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

  let formOp = null;
  function showForm(html, op) {
    const box = $("form-dialog");
    box.replaceChildren(...fragment(html).childNodes);
    formOp = op;
    box.showModal();
    (box.querySelector("input, textarea, select") || box.querySelector("button")).focus();
    box.querySelectorAll("[data-max]").forEach(count);
  }

  function count(input) {
    const left = Number(input.dataset.max) - [...input.value].length;
    const hint = input.closest(".field").querySelector(".hint");
    if (hint.dataset.text === undefined) hint.dataset.text = hint.textContent;
    hint.textContent = (hint.dataset.text ? hint.dataset.text + " · " : "") + `${[...input.value].length} / ${input.dataset.max}`;
    hint.classList.toggle("over", left < 0);
  }

  async function sendForm(form) {
    if (form.dataset.busy) return;
    const problem = form.querySelector(".form-error");
    problem.hidden = true;
    if (!isOpen()) return formProblem(form, document.querySelector("[data-lost]").textContent);
    form.dataset.busy = "1";
    const values = {};
    try {
      for (const [name, value] of new FormData(form)) {
        const text = value instanceof File ? await uploaded(value) : value;
        if (text) (values[name] = values[name] || []).push(text);
      }
    } catch {
      delete form.dataset.busy;
      return formProblem(form, document.querySelector("[data-lost]").textContent);
    }
    ask({ kind: "submit", form: form.dataset.form, values, channel: formOp.channel, quiet: true }, (answer) => {
      delete form.dataset.busy;
      if (answer.state === "errors") return formErrors(form, answer.errors);
      if (answer.state === "failed") return formProblem(form, answer.text || "");
      $("form-dialog").close();
    });
  }

  async function uploaded(file) {
    if (!file.size) return "";
    const response = await fetch("/upload", { method: "POST", body: file });
    if (!response.ok) throw new Error(String(response.status));
    return new URL(await response.text(), location.href).href;
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
      field.querySelector(".field-error").textContent = words;
      field.classList.toggle("bad", Boolean(words));
      const input = field.querySelector("input, textarea, select");
      if (words) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      if (words && !first) first = input;
    }
    if (first) first.focus();
    const other = Object.entries(errors).find(([id]) => ![...form.querySelectorAll(".field")].some((field) => field.dataset.field === id));
    if (other) formProblem(form, other[1]);
  }

  // ---- the night ----

  function night() {
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

  function endNight() {
    const box = $("night");
    if (box) {
      sessionStorage.setItem("night", body.dataset.epoch + box.dataset.night);
      box.hidden = true;
    }
    body.classList.remove("night-on");
    for (const part of [$("desk"), document.querySelector(".stage")]) if (part) part.inert = false;
  }

  // ---- events ----

  document.addEventListener("click", (event) => {
    const at = event.target.closest("a, button, .offer, [data-drawer-close]");
    for (const open of document.querySelectorAll("details.more[open]")) if (!open.contains(event.target)) open.open = false;
    if (!at) return;
    const item = at.closest("li.msg");
    const data = at.dataset;
    if (at.matches("[data-pane-link]") && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      go(at.getAttribute("href"));
    } else if (data.do) {
      press(at, { kind: "click", message: item.id, callback: data.do });
    } else if (data.shortcut) {
      press(at, { kind: "shortcut", message: item.id, text: data.shortcut });
    } else if (data.tour) {
      press(at, { kind: "tour", text: data.tour });
      if (at.closest(".night")) endNight();
    } else if (data.lang) {
      if (at.getAttribute("aria-pressed") !== "true") press(at, { kind: "lang", text: data.lang });
    } else if ("reply" in data) {
      enterThread(item);
    } else if ("threadClose" in data) {
      leaveThread();
      $("say").focus();
    } else if ("drawer" in data) {
      drawer(true);
    } else if ("drawerClose" in data) {
      drawer(false);
      document.querySelector("[data-drawer]")?.focus();
    } else if ("close" in data) {
      at.closest("dialog").close();
    } else if ("yes" in data && at.closest("#confirm-dialog")) {
      $("confirm-dialog").close("yes");
    } else if ("no" in data && at.closest("#confirm-dialog")) {
      $("confirm-dialog").close("no");
    } else if (at.matches(".offer")) {
      takeOffer(at);
    } else if (at.id === "newer") {
      bottom();
      seen();
    }
  });

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.id === "composer") return submitLine();
    if (form.dataset.form) return void sendForm(form);
    if (form.dataset.menu) {
      const values = new FormData(form).getAll("value").filter(Boolean);
      const many = form.querySelector("fieldset");
      if (!values.length && !many) return;
      press(form.querySelector("button"), { kind: "click", message: form.closest("li.msg").id, callback: form.dataset.menu, values: { value: values } });
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.id === "say") {
      keepDraft();
      grow();
      note("");
      complete();
    }
    if (event.target.dataset.max) count(event.target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.id === "say" && typing(event)) return;
    if (event.key === "Escape") {
      const open = document.querySelector("details.more[open], details.switch[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      } else if (body.classList.contains("drawer-open")) {
        drawer(false);
        document.querySelector("[data-drawer]")?.focus();
      }
    }
    if (event.key === "Tab") trap(event);
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && $("rail")) {
      const links = [...$("rail").querySelectorAll("[data-pane-link]")];
      const now = links.findIndex((one) => one.getAttribute("aria-current"));
      const to = links[(now + (event.key === "ArrowDown" ? 1 : -1) + links.length) % links.length];
      event.preventDefault();
      if (to) go(to.getAttribute("href"));
    }
  });

  // trap keeps Tab inside the open drawer.
  function trap(event) {
    if (!body.classList.contains("drawer-open") || !narrow.matches) return;
    const all = [...$("rail").querySelectorAll("a, button, summary")].filter((one) => one.offsetParent);
    const edge = event.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? all[all.length - 1] : all[0]).focus();
    }
  }

  // typing handles the keys of the input; it says whether it used one.
  function typing(event) {
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
    if (event.key === "Escape" && thread) {
      leaveThread();
      return true;
    }
    return false;
  }

  document.addEventListener("visibilitychange", seen);
  document.addEventListener("scroll", (event) => {
    if (event.target.id === "scroll" && atBottom()) {
      $("newer").hidden = true;
      seen();
    }
  }, true);
  window.addEventListener("popstate", () => go(location.pathname + location.search, false));
  window.addEventListener("pagehide", keepDraft);

  settle();
  connect();
  if ($("say") && !narrow.matches) $("say").focus();
})();
