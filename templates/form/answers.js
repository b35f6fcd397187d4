// What one respondent has answered: the record, how two copies of it are joined, and the browser's storage that keeps it.
// A record is never changed in place: each change makes a new one.

export const DONT_KNOW = "dont_know";

export const itemsOf = (spec) => spec.instruments.flatMap((part) => part.domains.flatMap((domain) => domain.items));

export const newRecord = (spec) => ({
  schema: "gtmdiag.answers/1",
  client: spec.client.id,
  wave: spec.wave,
  respondent: spec.respondent,
  role: spec.role.id,
  instruments: Object.fromEntries(spec.instruments.map(({ id, version, hash }) => [id, { version, hash }])),
  answers: {},
  prediction: null,
  saved_at: null,
  submitted: false,
});

// The time of a change, later than any that the record knows even where the machine's clock was set back.
const nextTime = ({ saved_at }) => new Date(Math.max(Date.now(), saved_at ? Date.parse(saved_at) + 1 : 0)).toISOString();

export function withAnswer(record, id, change) {
  const at = nextTime(record);
  const entry = { value: null, comment: "", ...record.answers[id], ...change, at };
  return { ...record, answers: { ...record.answers, [id]: entry }, saved_at: at, submitted: false };
}

export function withPrediction(record, change) {
  const at = nextTime(record);
  return { ...record, prediction: { stage: null, rate: null, ...record.prediction, ...change, at }, saved_at: at, submitted: false };
}

export const submitted = (record) => ({ ...record, saved_at: nextTime(record), submitted: true });

// An answer without a time, from a survey or typed by hand, is older than any with one.
const later = (one, other) => {
  if (!one || !other) return one ?? other;
  if (one.at !== other.at) return (one.at ?? "") > (other.at ?? "") ? one : other;
  return JSON.stringify(one) >= JSON.stringify(other) ? one : other;
};

// The later answer to each item counts, whichever copy holds it; the order of the two makes no difference.
export function joined(one, other) {
  if (!other) return one;
  const ids = new Set([...Object.keys(one.answers), ...Object.keys(other.answers)]);
  const answers = Object.fromEntries([...ids].map((id) => [id, later(one.answers[id], other.answers[id])]));
  const prediction = later(one.prediction, other.prediction) ?? null;
  const [saved_at, submitted] = [one, other]
    .map((record) => [record.saved_at ?? "", record.submitted])
    .sort()
    .at(-1);
  return { ...one, answers, prediction, saved_at: saved_at || null, submitted };
}

export const differs = (one, other) => JSON.stringify(canonical(one)) !== JSON.stringify(canonical(other));
const canonical = (record) => [Object.entries(record.answers).sort(), record.prediction, record.submitted];

// One form of writing for all times, so that they compare as texts.
const time = (text) => (typeof text === "string" && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null);

// Read what a storage or a kernel gave, keeping only what this form asks; null where it is no record of this respondent.
export function readRecord(spec, given) {
  const record = newRecord(spec);
  const same = ["schema", "client", "wave", "respondent"].every((name) => given?.[name] === record[name]);
  if (!same || typeof given.answers !== "object" || given.answers === null) return null;
  for (const item of itemsOf(spec)) {
    const entry = given.answers[item.id];
    const values = [null, DONT_KNOW, ...item.options.map((option) => option.value)];
    if (!entry || !values.includes(entry.value)) continue;
    record.answers[item.id] = { value: entry.value, comment: String(entry.comment ?? ""), at: time(entry.at) };
  }
  if (given.prediction) {
    const { stage = null, rate = null, at } = given.prediction;
    record.prediction = { stage, rate, at: time(at) };
  }
  record.saved_at = time(given.saved_at);
  record.submitted = given.submitted === true;
  return record;
}

export const answered = (record, item) => (record.answers[item.id]?.value ?? null) !== null;

// The browser's own storage. Touching it may throw: it can be forbidden, full or absent.
export function browserStore(spec) {
  const hashes = spec.instruments.map((part) => part.hash);
  const key = ["gtmdiag", spec.client.id, spec.wave, spec.respondent, ...hashes].join(" ");
  const read = (text) => (text === null ? null : readRecord(spec, JSON.parse(text)));
  return {
    load() {
      const text = localStorage.getItem(key);
      let record = null;
      try {
        record = read(text);
      } catch {
        // told below, as what is no record of this form
      }
      if (text !== null && record === null) {
        localStorage.setItem(`${key} damaged`, text);
        localStorage.removeItem(key);
        throw new SyntaxError("damaged");
      }
      return record;
    },
    check() {
      localStorage.setItem(`${key} test`, "1");
      localStorage.removeItem(`${key} test`);
    },
    // another tab may have saved since: what it saved is joined, never overwritten
    save(record) {
      let kept = null;
      try {
        kept = read(localStorage.getItem(key));
      } catch {
        // what cannot be read cannot be joined
      }
      const both = joined(record, kept);
      localStorage.setItem(key, JSON.stringify(both));
      return both;
    },
    erase: () => localStorage.removeItem(key),
    watch(saved, erased) {
      const told = (event) => {
        if (event.storageArea !== localStorage || event.key !== key) return;
        if (event.newValue === null) return erased();
        try {
          saved(read(event.newValue));
        } catch {
          // another tab's mishap: this one keeps what it has
        }
      };
      addEventListener("storage", told);
      return () => removeEventListener("storage", told);
    },
  };
}
