/** One line with a value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
const NUMBER = /^(?:[+-]?Inf|NaN|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;
const TYPES = ["counter", "gauge", "histogram", "summary", "untyped"];

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ""; ) {
    const [whole = "", name = "", value = ""] = LABEL.exec(rest) ?? [];
    if (whole === "" || name in labels) {
      throw new Error(`No labels: ${text}`);
    }
    labels[name] = value;
    rest = rest.slice(whole.length);
  }
  return labels;
}

/** The metric of a sample; the buckets, sum and count of a histogram belong to one metric. */
const familyOf = (name: string, types: ReadonlyMap<string, string>) => {
  const base = name.replace(/_(?:bucket|sum|count)$/, "");
  return types.get(base) === "histogram" || types.get(base) === "summary" ? base : name;
};

/**
 * Strict parser of Prometheus' text format (version 0.0.4): each metric has HELP and TYPE once, before its consecutive
 * samples; no series is repeated; buckets do not decrease and end at the count.
 */
export function scraped(text: string): Sample[] {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const closed = new Set<string>();
  const series = new Set<string>();
  let current = "";
  if (!text.endsWith("\n")) {
    throw new Error("The last line must end with a line feed");
  }
  for (const line of text.slice(0, -1).split("\n")) {
    const [, what, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    const known = what === "HELP" ? helped.has(name) : types.has(name);
    if (line === "") {
      continue;
    }
    if (what !== undefined) {
      if (known || closed.has(name) || (what === "TYPE" && !TYPES.includes(rest)) || rest === "") {
        throw new Error(`Twice, late or unknown: ${line}`);
      }
      if (what === "TYPE") types.set(name, rest);
      else helped.add(name);
      continue;
    }
    const [, sample = "", labelText = "", value = ""] = SAMPLE.exec(line) ?? [];
    const family = familyOf(sample, types);
    if (sample === "" || !NUMBER.test(value) || !types.has(family) || !helped.has(family)) {
      throw new Error(`No sample of a described metric: ${line}`);
    }
    if (family !== current) {
      if (closed.has(family)) {
        throw new Error(`Stands apart from its metric: ${line}`);
      }
      closed.add(family);
      current = family;
    }
    const labels = labelsOf(labelText);
    const key = `${sample} ${JSON.stringify(Object.entries(labels).sort())}`;
    if (series.has(key)) {
      throw new Error(`Twice: ${line}`);
    }
    series.add(key);
    samples.push({ name: sample, labels, value: Number(value.replace(/Inf$/i, "Infinity")) });
  }
  checkBuckets(samples, types);
  return samples;
}

function checkBuckets(samples: readonly Sample[], types: ReadonlyMap<string, string>): void {
  const reached = new Map<string, Sample>();
  for (const sample of samples) {
    const family = familyOf(sample.name, types);
    if (types.get(family) !== "histogram") {
      continue;
    }
    const { le, ...others } = sample.labels;
    const key = `${family} ${JSON.stringify(others)}`;
    const last = reached.get(key);
    if (sample.name.endsWith("_bucket")) {
      if (le === undefined || (last && last.value > sample.value)) {
        throw new Error(`A bucket that shrinks: ${key}`);
      }
      reached.set(key, sample);
    } else if (
      sample.name.endsWith("_count") &&
      (last?.labels.le !== "+Inf" || last.value !== sample.value)
    ) {
      throw new Error(`Buckets that do not end at the count: ${key}`);
    }
  }
}
