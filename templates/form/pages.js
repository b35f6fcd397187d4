// What the form shows, one function a page. Each returns an element to put in place, where the focus goes, and a
// function that shows again what the record holds. Texts become text nodes, so that none can be read as markup.

import { DONT_KNOW, answered } from "./answers.js";

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

export const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text; // or a live region would be read aloud again
};

const heading = (text, lang = null) => el("h2", { tabindex: -1, dir: "auto", lang }, text);
const plain = (text, lang = null) => el("p", { dir: "auto", lang }, text);
// what an instrument says of itself, in the language of its texts
const about = ({ question, premise, lang }) => [
  question && el("p", { class: "lead", dir: "auto", lang }, question),
  premise && plain(premise, lang),
];
export const button = (text, onclick, kind = "quiet") => el("button", { type: "button", class: kind, onclick }, text);
const still = () => {};

export function introPage(form) {
  const { spec } = form;
  const count = form.items.length;
  const minutes = Math.max(2, Math.ceil((count * 8) / 60));
  const begun = form.items.filter((item) => answered(form.record, item)).length;
  const title = heading(form.say("heading", { client: spec.client.name }));
  const only = spec.instruments.length === 1 ? spec.instruments[0] : null;
  const start = button(form.say(begun ? "resume" : "begin"), () => form.resume(), "primary");
  const element = el("div", { class: "intro" },
    title,
    only ? about(only) : null,
    el("p", { class: "facts" },
      el("span", {}, form.say("length", { n: count, minutes })),
      el("span", { dir: "auto" }, form.say("answering_as", { role: spec.role.label }))),
    el("div", { class: "told" },
      el("section", {}, el("h3", {}, form.say("seen_title")), el("ul", {}, spec.notices.map((text) => el("li", { dir: "auto" }, text)))),
      el("section", {}, el("h3", {}, form.say("kept_title")), plain(form.say(`kept_${form.host.kind}`)))),
    begun ? el("p", { class: "begun" }, form.say("answered_so_far", { n: begun, total: count })) : null,
    el("p", { class: "buttons" }, start),
    el("details", { class: "keys" }, el("summary", {}, form.say("keys_title")), plain(form.say("keys"))));
  return { element, focus: title, sync: still };
}

export function partPage(form, { instrument, number }) {
  const title = heading(instrument.title, instrument.lang);
  const count = instrument.domains.flatMap((domain) => domain.items).length;
  const element = el("div", { class: "part" },
    el("p", { class: "kicker" }, form.say("part", { n: number, total: form.spec.instruments.length })),
    title,
    about(instrument),
    el("p", { class: "facts" }, el("span", {}, form.say("part_length", { n: count }))));
  return { element, focus: title, sync: still };
}

export function questionsPage(form, { items }) {
  const questions = items.map((item) => question(form, item));
  return {
    element: el("div", { class: "questions" }, questions.map((one) => one.element)),
    focus: questions[0].focus(),
    sync: () => questions.forEach((one) => one.sync()),
  };
}

function question(form, item) {
  const { lang } = item;
  const options = [...item.options.map((option) => ({ ...option, lang })), { value: DONT_KNOW, label: form.say("dont_know"), lang: null }];
  const radios = options.map(({ value }) => el("input", {
    type: "radio", name: `${form.name}.${item.id}`, value,
    onchange: () => form.answer(item, { value }),
  }));
  const choices = options.map(({ label, value, lang }, index) => {
    const digit = value === DONT_KNOW ? "0" : index < 9 ? String(index + 1) : "";
    return el("label", { class: value === DONT_KNOW ? "choice aside" : "choice" },
      radios[index], el("span", { dir: "auto", lang }, label), digit ? el("kbd", { "aria-hidden": "true" }, digit) : null);
  });
  const clear = button(form.say("clear"), () => {
    form.answer(item, { value: null });
    radios[0].focus();
  }, "link clear");
  const note = commentBox(form, item);
  const wide = item.kind === "ordinal" && item.options.length <= 5;
  const prompt = item.prompt ? el("p", { class: "prompt", id: `${form.name}.${item.id}.prompt`, dir: "auto", lang }, item.prompt) : null;
  const element = el("fieldset", { "data-item": item.id, "aria-describedby": prompt && prompt.id },
    el("legend", {}, el("span", { class: "number" }, `${item.number}. `), el("bdi", { lang }, item.text)),
    prompt,
    el("div", { class: wide ? "choices wide" : "choices" }, choices),
    el("div", { class: "more" }, note.element, clear));
  element.addEventListener("keydown", (event) => {
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey || event.target.matches("textarea")) return;
    const index = event.key === "0" ? radios.length - 1 : Number(event.key) - 1;
    if (index >= radios.length - (event.key === "0" ? 0 : 1)) return;
    event.preventDefault();
    radios[index].focus();
    radios[index].click();
  });
  const sync = () => {
    const value = form.record.answers[item.id]?.value ?? null;
    radios.forEach((radio, index) => (radio.checked = options[index].value === value));
    clear.hidden = value === null;
    note.sync();
  };
  sync();
  return { element, focus: () => radios.find((radio) => radio.checked) ?? radios[0], sync };
}

function commentBox(form, item) {
  const written = () => form.record.answers[item.id]?.comment ?? "";
  const id = `${form.name}.${item.id}.comment`;
  const area = el("textarea", {
    id, rows: 3, dir: "auto", maxlength: form.spec.comment_limit, "aria-describedby": `${id}.hint`,
    oninput: () => form.later(() => area.value !== written() && form.answer(item, { comment: area.value })),
    onchange: () => form.flush(),
  });
  const element = el("details", { open: written() !== "" },
    el("summary", {}, form.say("comment")),
    el("label", { for: id, class: "hidden" }, form.say("comment_for", { n: item.number })),
    el("p", { class: "hint", id: `${id}.hint` }, form.say("comment_hint", { limit: form.spec.comment_limit })), area);
  area.value = written();
  const sync = () => {
    if (area !== document.activeElement && area.value !== written()) area.value = written();
  };
  return { element, sync };
}

export function predictionPage(form) {
  const guess = () => form.record.prediction ?? { stage: null, rate: null };
  const title = heading(form.say("prediction_title"));
  const radios = form.spec.prediction.stages.map(({ id }) => el("input", {
    type: "radio", name: `${form.name}.stage`, value: id, onchange: () => form.predict({ stage: id }),
  }));
  const problem = el("p", { class: "wrong", id: `${form.name}.wrong`, role: "status" });
  const rate = el("input", {
    type: "text", inputmode: "decimal", autocomplete: "off", id: `${form.name}.rate`, "aria-describedby": problem.id,
    oninput: () => {
      const text = rate.value.trim().replace(",", ".").replace(/\s*%$/, "");
      const right = text === "" || (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 100);
      rate.setAttribute("aria-invalid", String(!right));
      setText(problem, right ? "" : form.say("prediction_bad"));
      form.predict({ rate: text === "" || !right ? null : Math.round(Number(text) * 100) / 100 });
    },
  });
  const element = el("div", { class: "prediction" },
    el("p", { class: "kicker" }, form.say("optional")), title, plain(form.say("prediction_lead")),
    el("fieldset", {},
      el("legend", {}, form.say("prediction_stage")),
      el("div", { class: "choices" }, form.spec.prediction.stages.map(({ label }, index) =>
        el("label", { class: "choice" }, radios[index], el("span", { dir: "auto" }, label))))),
    el("p", { class: "field" }, el("label", { for: rate.id }, form.say("prediction_rate")), rate), problem);
  const sync = () => {
    radios.forEach((radio) => (radio.checked = radio.value === guess().stage));
    if (rate !== document.activeElement) rate.value = guess().rate ?? "";
  };
  sync();
  return { element, focus: title, sync };
}

export function reviewPage(form) {
  const title = heading(form.say("review_title"));
  const facts = el("div", {});
  const sync = () => {
    const { record, items } = form;
    const missing = items.filter((item) => !answered(record, item));
    const count = (test) => items.filter((item) => record.answers[item.id] && test(record.answers[item.id])).length;
    const tell = (key, n) => (n ? el("p", {}, form.say(key, { n })) : null);
    facts.replaceChildren(...[
      missing.length ? tell("review_missing", missing.length) : el("p", { class: "good" }, form.say("review_all")),
      missing.length ? el("ul", { class: "missing", "aria-label": form.say("review_missing_list") }, missing.map((item) =>
        el("li", {}, el("button", { type: "button", class: "link", onclick: () => form.goTo(item) },
          el("span", { class: "number" }, `${item.number}. `), el("bdi", { lang: item.lang }, item.text))))) : null,
      tell("review_dont_know", count((entry) => entry.value === DONT_KNOW)),
      tell("review_comments", count((entry) => entry.comment !== "")),
      form.spec.prediction && (record.prediction?.stage ?? null) === null ? plain(form.say("review_prediction")) : null,
    ].filter(Boolean));
  };
  sync();
  const finish = button(form.say(form.host.kind === "file" ? "submit_file" : "submit"), () => form.submit(), "primary");
  const element = el("div", { class: "review" }, title, facts, el("p", { class: "buttons" }, finish, ...leaving(form)));
  return { element, focus: title, sync };
}

export function donePage(form) {
  const title = heading(form.say("done_title"));
  const again = el("p", { class: "again" }, form.say("done_again"));
  const sync = () => (again.hidden = form.record.submitted);
  sync();
  const file = form.host.kind === "file";
  const element = el("div", { class: "done" }, title,
    el("p", {}, form.say(`done_${form.host.kind}`, { file: form.fileName })), again,
    file ? el("p", { class: "buttons" }, button(form.say("download"), () => form.download(), "primary"), ...leaving(form)) : null);
  return { element, focus: title, sync };
}

// The other ways for answers to leave this browser.
function leaving(form) {
  if (form.host.kind !== "file") return [];
  const told = el("span", { role: "status", class: "told-here" });
  const text = el("textarea", { readonly: true, rows: 6, "aria-label": form.say("copy_text"), hidden: true, dir: "ltr" });
  const copy = async () => {
    text.value = form.fileText();
    try {
      await navigator.clipboard.writeText(text.value);
      setText(told, form.say("copied"));
    } catch {
      text.hidden = false;
      text.select();
      setText(told, form.say("copy_by_hand"));
    }
  };
  return [button(form.say("copy"), copy), button(form.say("erase"), () => form.erase(), "link"), told, text];
}
