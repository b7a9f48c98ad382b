import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { operations } from "../../support/database/rows.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli } from "../../support/process/command.ts";
import { receiver } from "../../support/receiver/receiver.ts";

const RATES = { kz: { EUR: 560, CNY: 72, KZT: 1 } };
/** Of the package's own tables of this kind none is confirmed, so this one alone counts. */
const fee = (validTo: string | null) => ({
  country: "kz",
  year: 2026,
  tables: [
    {
      ...{ country: "kz", kind: "customs_fee", valid_from: "2025-01-01", valid_to: validTo },
      ...{
        checked_on: "2025-01-01",
        source: ["mine"],
        confidence: "confirmed",
        currency: "KZT",
        mci: 6,
      },
    },
  ],
});

async function workplace(files: Record<string, string>, config: object) {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const cwd = await directoryWith({ ...files, "che168.config.json": JSON.stringify(config) });
  // Nothing listens at the service's address.
  const env = { DATABASE_URL: url, CHE168_API_KEY: "key", CHE168_BASE_URL: "http://127.0.0.1:9/api" };
  return { url, cwd, env };
}

test("status --check reports a file of tariffs that has expired, until a table follows", async () => {
  const files = {
    "expired.json": JSON.stringify(fee("2026-01-31")),
    "current.json": JSON.stringify(fee(null)),
  };
  const reported = async (tariffs: readonly string[]) => {
    const place = await workplace(files, { customs: { rates: RATES, tariffs } });
    const { code, stdout, stderr } = await runCli(["status", "--check", "--json"], place);
    expect({ code, stderr }).toMatchObject({ code: 1 });
    const { reasons } = JSON.parse(stdout).check as { reasons: Record<string, string>[] };
    return reasons.find((reason) => reason.code === "tariffs_expired");
  };
  expect(await reported(["expired.json"])).toMatchObject({
    message: expect.stringMatching(/^Import tariffs end on 2026-01-31: .*kz customs_fee/),
    remedy: expect.stringContaining("customs.tariffs"),
  });
  expect((await reported(["expired.json", "current.json"]))?.message ?? "").not.toContain("customs_fee");
});

test("daily refuses an invalid file of tariffs before it runs, so that it cannot hide the run's own error", async () => {
  const { url } = await receiver();
  const notify = [{ type: "webhook", url }];
  const upstream = { retry: { attempts: 1 } };
  const wrong = await workplace(
    { "wrong.json": '{"tables":5}' },
    { notify, upstream, customs: { tariffs: ["wrong.json"] } },
  );
  const refused = await runCli(["daily"], wrong);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("wrong.json") });
  const database = await createDatabase({ url: wrong.url });
  onTestFinished(() => database.close());
  expect(await operations(database)).toEqual([]);

  const right = await workplace({}, { notify, upstream });
  const failed = await runCli(["daily"], right);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("the connection to 127.0.0.1:") });
});
