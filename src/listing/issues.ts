import type { Issue, ReportIssue } from "./types.ts";

/** The result of a parser with the issues that it reported, so that both can be kept. */
export interface Collected<T> {
  readonly result: T;
  readonly issues: readonly Issue[];
}

/** Runs a parser and collects its issues. */
export function collected<T>(parse: (report: ReportIssue) => T): Collected<T> {
  const issues: Issue[] = [];
  const result = parse((field, code, value) => issues.push({ field, code, value }));
  return { result, issues };
}

/** Reports collected issues. @returns the result */
export function reported<T>({ result, issues }: Collected<T>, report: ReportIssue): T {
  for (const { field, code, value } of issues) {
    report(field, code, value);
  }
  return result;
}
