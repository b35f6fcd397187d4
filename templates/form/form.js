// The assessment form. `render` shows it as a widget of a notebook; `start` as a page that stands alone.

import {
  answered, browserStore, differs, itemsOf, joined, newRecord, readRecord, submitted, withAnswer, withPrediction,
} from "./answers.js";
import { button, donePage, el, introPage, partPage, predictionPage, questionsPage, reviewPage, setText } from "./pages.js";

let forms = 0;

// Give each item its number, its language and the options of its scale.
function prepared(given) {
  const spec = structuredClone(given);
  for (const instrument of spec.instruments) {
    instrument.lang = instrument.language || null;
    for (const item of instrument.domains.flatMap((domain) => domain.items)) {
      Object.assign(item, instrument.scales[item.scale], { lang: instrument.lang });
    }
  }
  itemsOf(spec).forEach((item, index) => (item.number = index + 1));
  return spec;
}

class Form {
  constructor(root, spec, host) {
    Object.assign(this, { root, spec, host, record: host.record, items: itemsOf(spec), mode: "one", at: 0 });
    this.name = `gtm${(forms += 1)}`;
    this.fileName = `answers-${spec.respondent}.json`;
    this.plurals = new Intl.PluralRules(spec.language);
    this.clock = new Intl.DateTimeFormat(spec.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.frame();
    this.pages = this.planned();
    this.show(0, false);
    host.listen(this);
  }

  say(key, values = {}) {
    const entry = this.spec.words[key];
    const text = typeof entry === "string" ? entry : entry[this.plurals.select(values.n)] ?? entry.other;
    return text.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
  }

  frame() {
    const { spec, root } = this;
    this.position = el("span", { class: "position" });
    this.progress = el("progress", { max: this.items.length, "aria-label": this.say("progress") });
    this.status = el("p", { class: "status", role: "status" }, this.say("not_saved_yet"));
    this.trouble = el("div", { role: "alert", class: "trouble" });
    this.notice = el("div", { role: "status", class: "notice" });
    this.modes = ["one", "domain"].map((mode) => el("input", {
      type: "radio", name: `${this.name}.mode`, checked: mode === this.mode, onchange: () => this.setMode(mode),
    }));
    this.toggle = el("fieldset", { class: "mode" }, el("legend", { class: "hidden" }, this.say("mode")),
      this.modes.map((radio, index) => el("label", {}, radio, el("span", {}, this.say(["mode_one", "mode_domain"][index])))));
    this.main = el("div", { class: "page" });
    this.back = button(this.say("back"), () => this.move(-1));
    this.next = button("", () => this.move(1), "primary");
    this.steps = el("nav", { class: "steps", "aria-label": this.say("pages") }, this.back, this.next);
    root.classList.add("gtm", "gtm-form");
    root.lang = spec.words_language;
    root.dir = spec.direction;
    // JupyterLab reads keys as commands otherwise, D D as “delete this cell”; it asks whatever has the focus first.
    root.addEventListener("focusin", (event) => { event.target.dataset.lmSuppressShortcuts = "true"; });
    root.addEventListener("keydown", (event) => this.key(event));
    root.replaceChildren(
      el("header", {},
        el("div", { class: "line" }, el("h1", { dir: "auto" }, spec.client.name), this.status),
        this.progress,
        el("div", { class: "line" }, this.position, this.toggle)),
      this.trouble, this.notice, this.main, this.steps);
  }

  planned() {
    const { spec, mode } = this;
    const pages = [{ build: introPage }];
    spec.instruments.forEach((instrument, index) => {
      if (spec.instruments.length > 1) pages.push({ build: partPage, instrument, number: index + 1 });
      for (const { items } of instrument.domains) {
        const groups = mode === "domain" ? [items] : items.map((item) => [item]);
        pages.push(...groups.map((group) => ({ build: questionsPage, items: group })));
      }
    });
    if (spec.prediction) pages.push({ build: predictionPage });
    return [...pages, { build: reviewPage }, { build: donePage }];
  }

  show(index, focus = true) {
    this.flush();
    this.at = index;
    const page = this.pages[index];
    this.shown = page.build(this, page);
    this.main.replaceChildren(this.shown.element);
    const last = this.pages.length - 1;
    this.back.hidden = index === 0;
    this.next.hidden = index === 0 || index >= last - 1;
    this.steps.hidden = index === 0;
    this.toggle.hidden = index === 0 || index >= last - 1;
    this.sync();
    if (!focus) return;
    this.shown.focus.focus({ preventScroll: true });
    if (this.root.getBoundingClientRect().top < 0) this.root.scrollIntoView();
  }

  // Show again what the record holds, without taking the page away from under the hands.
  sync() {
    const { items: on, build } = this.pages[this.at];
    const count = this.items.filter((item) => answered(this.record, item)).length;
    this.progress.value = count;
    const total = this.items.length;
    const [n, end] = on ? [on[0].number, on.at(-1).number] : [0, 0];
    const where = !on ? this.say("answered_so_far", { n: count, total })
      : n === end ? this.say("position", { n, total }) : this.say("positions", { n, last: end, total });
    setText(this.position, where);
    const open = (on && !on.some((item) => answered(this.record, item))) || (build === predictionPage && !this.record.prediction);
    setText(this.next, this.say(open ? "skip" : this.at === this.pages.length - 3 ? "to_review" : "next"));
    this.next.className = open ? "quiet" : "primary";
    this.shown.sync();
  }

  move(step) {
    const to = this.at + step;
    if (to >= 0 && to < this.pages.length - 1) this.show(to);
  }

  goTo(item) {
    this.show(this.pages.findIndex((page) => page.items?.includes(item)));
  }

  resume() {
    const open = this.items.find((item) => !answered(this.record, item));
    const begun = Object.keys(this.record.answers).length > 0;
    if (!begun) this.show(1);
    else if (open) this.goTo(open);
    else this.show(this.pages.length - 2);
  }

  setMode(mode) {
    const item = this.pages[this.at].items?.[0];
    const build = this.pages[this.at].build;
    this.mode = mode;
    this.flush();
    this.pages = this.planned();
    this.show(this.pages.findIndex((page) => (item ? page.items?.includes(item) : page.build === build)), false);
  }

  key(event) {
    const field = event.target.matches("textarea, input[type=text]");
    const forth = { ArrowDown: 1, ArrowUp: -1, ArrowRight: this.spec.direction === "rtl" ? -1 : 1 };
    forth.ArrowLeft = -forth.ArrowRight;
    if (event.altKey && !field && forth[event.key]) {
      event.preventDefault();
      this.move(forth[event.key]);
    } else if (event.key === "Enter" && event.target.matches(".choice input, input[type=text]")) {
      event.preventDefault();
      this.onward(event.target.closest("fieldset"), event.shiftKey);
    }
  }

  // Enter goes to the next question of the page, and from the last to the next page.
  onward(group, backwards) {
    const groups = [...this.main.querySelectorAll("fieldset")];
    const next = groups[groups.indexOf(group) + (backwards ? -1 : 1)];
    if (!group || !next) return this.move(backwards ? -1 : 1);
    const radios = [...next.querySelectorAll("input")];
    (radios.find((radio) => radio.checked) ?? radios[0]).focus();
  }

  answer(item, change) {
    this.keep(withAnswer(this.record, item.id, change));
  }

  predict(change) {
    this.keep(withPrediction(this.record, change));
  }

  submit() {
    this.flush();
    this.keep(submitted(this.record));
    this.show(this.pages.length - 1);
    if (this.host.kind === "file") this.download();
  }

  // Typing is saved when it pauses, and at the latest when the field or the page is left.
  later(task) {
    clearTimeout(this.timer);
    this.task = task;
    this.timer = setTimeout(() => this.flush(), 300);
  }

  flush() {
    clearTimeout(this.timer);
    const { task } = this;
    this.task = null;
    task?.();
  }

  keep(record) {
    this.record = record;
    this.record = this.host.save(record, this);
    this.sync();
  }

  // Another tab, or the kernel, has saved.
  take(record) {
    if (!record || !differs(joined(this.record, record), this.record)) return;
    this.record = joined(this.record, record);
    this.sync();
  }

  saved(at) {
    setText(this.status, this.say("saved", { time: this.clock.format(new Date(at)) }));
    this.status.className = "status good";
    this.trouble.replaceChildren();
    this.safe = true;
  }

  saving() {
    setText(this.status, this.say("saving"));
    this.status.className = "status";
  }

  failed(problem, values) {
    setText(this.status, this.say("not_saved"));
    this.status.className = "status bad";
    this.safe = false;
    this.warn(problem, values);
  }

  warn(problem, values) {
    const text = this.say(problem, values);
    if (this.trouble.firstChild?.textContent === text) return;
    this.trouble.replaceChildren(el("p", {}, text), button(this.say("download"), () => this.download()));
  }

  tell(key, values) {
    const text = this.say(key, values);
    if (this.notice.textContent !== text) this.notice.replaceChildren(el("p", {}, text));
  }

  fileText() {
    this.flush();
    return `${JSON.stringify(this.record, null, 1)}\n`;
  }

  download() {
    this.safe = true; // the answers are out: no question on leaving
    const url = URL.createObjectURL(new Blob([this.fileText()], { type: "application/json" }));
    el("a", { href: url, download: this.fileName }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  erase() {
    if (!confirm(this.say("erase_sure"))) return;
    this.host.erase();
    this.begin();
  }

  begin() {
    this.task = null;
    this.record = newRecord(this.spec);
    this.show(0);
    setText(this.status, this.say("not_saved_yet"));
    this.tell("erased");
  }
}

// The page that stands alone: the browser's storage keeps the answers.
function fileHost(spec) {
  const store = browserStore(spec);
  const reason = (error) => ({ SyntaxError: "problem_damaged", QuotaExceededError: "problem_full" })[error.name] ?? "problem_denied";
  let [record, problem] = [newRecord(spec), ""];
  try {
    record = store.load() ?? record;
    store.check();
  } catch (error) {
    problem = reason(error);
  }
  const save = (latest, form) => {
    try {
      const both = store.save(latest);
      form.saved(both.saved_at);
      return both;
    } catch (error) {
      form.failed(reason(error));
      return latest;
    }
  };
  const listen = (form) => {
    if (record.saved_at) form.saved(record.saved_at);
    if (problem) form.warn(problem);
    const saved = (other) => {
      form.take(other);
      form.tell("other_tab");
    };
    store.watch(saved, () => form.begin());
    addEventListener("pagehide", () => form.flush());
    document.addEventListener("visibilitychange", () => form.flush());
    addEventListener("beforeunload", (event) => {
      form.flush();
      if (form.safe === false) event.preventDefault();
    });
  };
  return { kind: "file", record, save, listen, erase: store.erase };
}

// The widget: the kernel keeps the answers. Until it has confirmed a change, the browser keeps it too.
function liveHost(spec, model) {
  const store = browserStore(spec);
  const attempt = (task) => {
    try {
      return task();
    } catch {
      return null; // the browser's storage is only the second place here
    }
  };
  const kernel = () => readRecord(spec, model.get("answers")) ?? newRecord(spec);
  const record = joined(kernel(), attempt(() => store.load()));
  let [timers, leave] = [[], () => {}];
  const save = (latest, form) => {
    attempt(() => store.save(latest));
    timers.forEach(clearTimeout);
    timers = [setTimeout(() => form.saving(), 1_000), setTimeout(() => form.failed("problem_offline"), 8_000)];
    try {
      model.set("answers", latest);
      model.save_changes();
    } catch {
      form.failed("problem_offline");
    }
    return latest;
  };
  const listen = (form) => {
    const status = () => {
      const { state, of, at, detail, cut } = model.get("status");
      if (!state || of !== form.record.saved_at) return;
      timers.forEach(clearTimeout);
      if (state === "failed") return form.failed("problem_failed", { detail });
      attempt(() => store.erase());
      if (cut) form.tell("comment_cut", { limit: spec.comment_limit });
      form.saved(at);
    };
    const answers = () => form.take(readRecord(spec, model.get("answers")));
    model.on("change:status", status);
    model.on("change:answers", answers);
    status();
    if (differs(record, kernel())) form.keep(record);
    leave = () => {
      form.flush();
      model.off("change:status", status);
      model.off("change:answers", answers);
    };
  };
  return { kind: "live", record, save, listen, leave: () => leave() };
}

function render({ model, el: root }) {
  const spec = prepared(model.get("spec"));
  const form = new Form(root, spec, liveHost(spec, model));
  return () => form.host.leave();
}

export function start(page) {
  const spec = prepared(JSON.parse(page.getElementById("spec").textContent));
  new Form(page.getElementById("form"), spec, fileHost(spec));
}

export default { render };
