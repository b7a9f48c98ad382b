import type { ReportIssue } from "../types.ts";
import { type NumberRule, parseNumber, readNumber } from "./numbers.ts";
import { isMissing } from "./text.ts";

const RULE: NumberRule = { units: { 次: 1, раз: 1, раза: 1, times: 1 }, min: 0, max: 50, digits: 0 };
const TITLE = "过户次数";
const VALUE_KEYS = ["value", "content", "desc", "text", "result", "subtitle", "info", "count", "num"];
/** Inspections are small; what lies deeper or behind is not looked at. */
const MAX_NODES = 2000;
const MAX_LEVELS = 8;

/**
 * How often the car changed hands: from the card of the inspection titled 过户次数, else from a field of its own. The
 * only fact that is taken from an inspection; all else in it stays unread.
 */
export function readTransfers(inspection: unknown, own: unknown, report: ReportIssue): number | null {
  const card = findCard(inspection);
  if (!isMissing(card)) {
    const { value, issue } = readNumber(card, RULE);
    // Whatever else stands there may be personal: it is not quoted.
    if (issue !== null) {
      report("transfers", issue, null);
    }
    if (value !== null) {
      return value;
    }
  }
  return parseNumber(own, report, "transfers", RULE);
}

function findCard(inspection: unknown): unknown {
  const queue: { node: unknown; level: number }[] = [{ node: inspection, level: 0 }];
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
