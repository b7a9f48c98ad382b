import { numberRule } from "../parse-context.ts";
import type { ReportIssue } from "../types.ts";
import { readHanNumber } from "./han.ts";
import { parseNumber, readNumber } from "./numbers.ts";
import { decoded } from "./raw-values.ts";
import { isMissing } from "./text.ts";

const RULE = numberRule("transfers", {
  units: { 次: 1, раз: 1, раза: 1, times: 1, time: 1, transfers: 1, transfer: 1 },
});
const HAN_COUNT = /^([零一二两三四五六七八九]|十[一二三四五六七八九]?)次(?:过户)?$/u;
const TITLE = "过户次数";
const VALUE_KEYS = ["value", "content", "desc", "text", "result", "subtitle", "info", "count", "num"];
/** Inspections are small; deeper or later nodes are not searched. */
const MAX_NODES = 2000;
const MAX_LEVELS = 8;

/**
 * Number of ownership changes: from the inspection card titled 过户次数, the map of the options, or a separate field. The
 * only value that is read from an inspection.
 */
export function readTransfers(
  extra: Readonly<Record<string, unknown>> | null,
  own: unknown,
  report: ReportIssue,
): number | null {
  const card = findCard(extra?.inspection);
  if (!isMissing(card)) {
    const { value, issue } = readNumber(withDigits(card), RULE);
    // The text may be personal, so it is not quoted.
    if (issue !== null) {
      report("transfers", issue, null);
    }
    if (value !== null) {
      return value;
    }
  }
  return (
    parseNumber(withDigits(mapped(extra)), report, "transfers", RULE) ??
    parseNumber(own, report, "transfers", RULE)
  );
}

/** `两次` as `2次`. */
function withDigits(raw: unknown): unknown {
  const numeral = typeof raw === "string" ? HAN_COUNT.exec(raw.trim())?.[1] : undefined;
  return numeral === undefined ? raw : String(readHanNumber(numeral));
}

/** `extra.option.map.过户次数`. */
function mapped(extra: Readonly<Record<string, unknown>> | null): unknown {
  const option = decoded(extra?.option);
  const map = decoded((option as { map?: unknown } | null | undefined)?.map);
  return typeof map === "object" && map !== null
    ? (map as Readonly<Record<string, unknown>>)[TITLE]
    : undefined;
}

/** @param inspection a value, or its JSON text, of which only the card is parsed */
function findCard(inspection: unknown): unknown {
  const root = typeof inspection === "string" ? cardOf(inspection) : inspection;
  const queue: { node: unknown; level: number }[] = [{ node: root, level: 0 }];
  for (let at = 0; at < queue.length && at < MAX_NODES; at++) {
    const { node, level } = queue[at] ?? { node: null, level: 0 };
    if (typeof node !== "object" || node === null) {
      continue;
    }
    const card = Array.isArray(node) ? undefined : cardValue(node as Readonly<Record<string, unknown>>);
    if (card !== undefined) {
      return card;
    }
    if (level >= MAX_LEVELS) {
      continue;
    }
    for (const child of Object.values(node)) {
      if (typeof child === "object" && queue.length < MAX_NODES) {
        queue.push({ node: child, level: level + 1 });
      }
    }
  }
  return undefined;
}

/** An object around the title, without nested ones. */
const AROUND_TITLE = new RegExp(`\\{[^{}\\\\]*"${TITLE}"[^{}\\\\]*\\}`, "u");

/**
 * The object with the title, cut out of JSON text where the title occurs once, otherwise the whole value. A cut that began
 * inside of a string would not be valid JSON.
 */
function cardOf(json: string): unknown {
  const first = json.indexOf(TITLE);
  if (json.includes("\\u") || (first !== -1 && json.includes(TITLE, first + 1))) {
    return decoded(json);
  }
  if (first === -1) {
    return null;
  }
  const card = decoded(AROUND_TITLE.exec(json)?.[0]) as Readonly<Record<string, unknown>> | null | undefined;
  return card != null && cardValue(card) !== undefined ? card : decoded(json);
}

function cardValue(node: Readonly<Record<string, unknown>>): unknown {
  if (TITLE in node) {
    return node[TITLE];
  }
  if (!Object.values(node).some((value) => typeof value === "string" && value.trim() === TITLE)) {
    return undefined;
  }
  return VALUE_KEYS.map((key) => node[key]).find(
    (value) => (typeof value === "string" && value.trim() !== TITLE) || typeof value === "number",
  );
}
