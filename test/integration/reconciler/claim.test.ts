import { expect, test } from "vitest";
import { claimRepair } from "../../../src/reconciler/state.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

onEachDatabase("the claim of an automatic repair", ({ database }) => {
  const first = new Date("2025-06-15T03:00:20Z");
  const claim = (at: Date, isRetry = false) => claimRepair(database(), at, isRetry);

  test("succeeds once in 24 hours, counted to the minute", async () => {
    expect(await claim(first)).toBe(true);
    expect(await claim(first)).toBe(false);
    expect(await claim(new Date("2025-06-16T02:59:00Z"))).toBe(false);
    expect(await claim(new Date("2025-06-16T03:00:00Z"))).toBe(true);
  });

  test("is still the run's own when its response was lost, but not that of an earlier run", async () => {
    expect(await claim(first)).toBe(true);
    expect(await claim(first, true)).toBe(true);
    expect(await claim(new Date("2025-06-15T09:00:00Z"), true)).toBe(false);
  });
});
