import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { apiReports } from "../../../scripts/api-report.ts";

test("the reports in etc/ match the build (npm run build, then npm run api-report)", async () => {
  const reports = await apiReports();
  expect([...reports.keys()]).toContain("etc/che168-sync.api.md");
  for (const [path, report] of reports) {
    expect(await readFile(new URL(`../../../${path}`, import.meta.url), "utf8"), path).toBe(report);
  }
});
