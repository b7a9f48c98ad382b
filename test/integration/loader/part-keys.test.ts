import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { clientOf, serve } from "../../support/sandbox/service.ts";

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
/** A specification of some thousand characters. */
const specification = (cc: number) =>
  JSON.stringify({
    paramtypeitems: [
      { name: "发动机", paramitems: [{ id: 1, name: "排量(mL)", value: String(cc) }] },
      { name: "备注", paramitems: [{ id: 2, name: "备注", value: "长".repeat(2_000) }] },
    ],
  });

onEachDatabase("a listing that is loaded", ({ database }) => {
  const load = async (documents: readonly string[]) => {
    const records = documents.map(
      (data, index) =>
        `{"id":${index},"inner_id":"${index}","change_type":"added","created_at":"2025-04-29T05:15:22Z","data":${data}}`,
    );
    const sandbox = await serve();
    const body = `{"meta":{"page":1,"next_page":null,"limit":1000},"result":[${records.join()}]}`;
    sandbox.addFault({ path: "/offers", fault: { kind: "body", body } });
    const now = () => new Date("2025-06-15T12:00:00Z");
    await createLoader({ database: database(), client: clientOf(sandbox), now }).run();
    const { rows } = await database().query<{ keys: (string | null)[] | null }>(
      "select part_keys::text[] as keys from raw_data order by inner_id::int",
    );
    return rows.map(({ keys }) => keys?.map((key) => key?.replaceAll("-", "") ?? null));
  };
  const normalize = (all = false) => createNormalizer({ database: database() }).run({ all });

  test("has the keys of its shared parts, if they are certain", async () => {
    const spec = specification(1998);
    const options = '[{"optionname":"天窗"}]';
    expect(
      await load([
        `{"mark":"Kia","configuration":${spec},"extra":{"configuration":"","option":{"moreoptions":${options}}}}`,
        '{"mark":"Kia"}',
        `{"configuration":${spec},"configuration":[]}`,
        String.raw`{"mark":"K\u0000ia","configuration":[]}`,
      ]),
    ).toEqual([[md5(spec), null, null, md5(options)], [null, null, null, null], undefined, undefined]);
  });

  test("is normalised the same, whether the keys are those of the loader or of PostgreSQL", async () => {
    const documents = Array.from({ length: 240 }, (_, index) => {
      const spec = specification(1_000 + 100 * (index % 3));
      const options = `[ {"optionname": "天窗${index % 2}"} ]`;
      return `{"mark":"Kia","extra":{"configuration":${spec},"option":{"displayopts":${options}}}}`;
    });
    const keys = await load(documents);
    expect(new Set(keys.map(String)).size).toBe(6);
    expect(await normalize()).toMatchObject({ status: "OK", processed: 240, errors: 0 });
    const { rows } = await database().query(
      "select displacement_cc as cc, count(*)::int from processed_data group by 1 order by 1",
    );
    expect(rows).toEqual([1_000, 1_100, 1_200].map((cc) => ({ cc, count: 80 })));
    await database().query("update raw_data set part_keys = null");
    expect(await normalize(true)).toMatchObject({ processed: 240, unchanged: 240 });
  });
});
