import type { IssueCode, ReportIssue } from "../../../src/listing/types.ts";

/** A report function that collects issues as `field: code`. */
export function issueList(): { report: ReportIssue; issues: `${string}: ${IssueCode}`[] } {
  const issues: `${string}: ${IssueCode}`[] = [];
  return { issues, report: (field, code) => issues.push(`${field}: ${code}`) };
}
