import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { ACCOUNT_KEY, commandPlace } from "../../support/files/place.ts";
import { type CommandResult, runSource, startSource } from "../../support/process/command.ts";
import { change, feedToday, offer } from "../../support/sandbox/service.ts";

const TODAY = feedToday();
const SECRET_KEY = "a-secret-for-hashes-that-is-long-enough-0123456789";
const DATABASE_PASSWORD = "Pa55w0rd-of-the-database";

/** Personal data, each kind in a field in which the service has been seen to send it. */
const PLANTED = {
  mobile: "13812345678",
  mobileWithSpaces: "139 8765 4321",
  mobileInChinese: "一三七零零一一二二三三",
  landline: "010-88997766",
  weChat: "wxid_planted77",
  qq: "998877665",
  mail: "planted.seller@example.com",
  plate: "京A8F3K9",
  identityCard: "11010519491231002X",
  name: "王大锤",
  inspector: "李检测",
};
const DESCRIPTION = `车况良好，电话${PLANTED.mobile}，或 ${PLANTED.mobileWithSpaces}，${PLANTED.mobileInChinese}，座机${PLANTED.landline}，加微信：${PLANTED.weChat}，QQ：${PLANTED.qq}，邮箱 ${PLANTED.mail}，车牌${PLANTED.plate}，身份证${PLANTED.identityCard}`;
const PEOPLE = {
  description: DESCRIPTION,
  seller_name: PLANTED.name,
  phone: PLANTED.mobile,
  contact: { name: PLANTED.name, wechat: PLANTED.weChat },
  extra: {
    inspection: { inspector: PLANTED.inspector, phone: PLANTED.mobile, remark: DESCRIPTION },
    dealer: { linkman: PLANTED.name, tel: PLANTED.landline },
  },
};
const CAR = { mark: "BMW", model: "X5", price: 98_000, year: 2022 };
const OFFERS = [
  offer(1, { data: { ...CAR, ...PEOPLE } }),
  offer(2, {
    data: {
      ...CAR,
      color: `联系${PLANTED.mobile}`,
      address: `北京 ${PLANTED.mobile}`,
      price: `面议 ${PLANTED.mobile}`,
    },
  }),
  offer(3, {
    data: {
      ...CAR,
      year: `${PLANTED.mobile}`,
      model: `X5 ${PLANTED.weChat} 微信${PLANTED.weChat}`,
      images: [`tel:${PLANTED.mobile}`],
    },
  }),
  // Rejected; the reason must not contain the data.
  { ...offer(4), inner_id: { phone: PLANTED.mobile }, data: { ...CAR, ...PEOPLE } },
  offer(5),
];
const CHANGES = [
  change(100, "changed", "listing-5", { new_description: DESCRIPTION, new_seller_name: PLANTED.name }),
  change(101, "sold" as "added", "listing-5", PEOPLE),
  change(102, "changed", "unknown-1", { new_description: DESCRIPTION }),
].map((one) => ({ ...one, date: TODAY }));

/** Encodings in which a secret could appear. */
const formsOf = (secret: string) => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  new URLSearchParams({ k: secret }).toString().slice(2),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
];

/** The names of the secrets in a text. */
function found(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).some((form) => text.includes(form)) ? [name] : [],
  );
}

const PATHS = [
  ...[
    "offers?limit=100",
    "offers?lang=zh&limit=100",
    "filters",
    "filters?lang=ru",
    "stats",
    "health",
    "openapi.json",
  ],
  ...[1, 2, 3, 5].map((number) => `offers/listing-${number}?lang=en`),
  ...["offers/unknown-1", "offers/nothing", "nowhere", "docs", "metrics"],
  `offers?q=${PLANTED.mobile}`,
  `offers?api_key=${encodeURIComponent(ACCOUNT_KEY)}`,
];

describe.each(["plain", "hashed"] as const)("a whole run with tokens stored %s", (storage) => {
  test("shows the key, tokens and personal data only in the tables that store them", async () => {
    const { url, drop } = await freshServerDatabase();
    onTestFinished(drop);
    const withPassword = url.replace("postgres@", `postgres:${DATABASE_PASSWORD}@`);
    const { sandbox, ...place } = await commandPlace(withPassword, {
      sandbox: { source: { offers: OFFERS, changes: CHANGES, offer: () => undefined }, pageSize: 2 },
      settings: { tokens: { storage }, logging: { level: "debug" } },
    });
    const at = { ...place, env: { ...place.env, SECRET_KEY } };
    const outputs: string[] = [];
    const run = async (...words: string[]): Promise<CommandResult> => {
      const result = await runSource(words, at);
      outputs.push(result.stdout, result.stderr);
      return result;
    };

    // `init` prints the tokens: the only output that is not checked.
    const made = await runSource(["init"], at);
    const tokens = made.stdout.trim().split("\n");
    expect(tokens).toHaveLength(20);
    outputs.push(made.stderr);

    // The service repeats the key in its errors, in an HTML page and in a header.
    const echo = { kind: "body", body: `<title>${ACCOUNT_KEY}</title>`, contentType: "text/html" } as const;
    sandbox.addFault({ path: "/offers", query: { page: 2 }, times: 2, fault: echo });
    sandbox.addFault({
      path: "/offers",
      query: { page: 3 },
      times: 1,
      fault: {
        kind: "redirect",
        location: `http://${"other"}.example/?api_key=${encodeURIComponent(ACCOUNT_KEY)}`,
      },
    });
    await run("initial");
    await run("initial", "--json");
    sandbox.addFault({ path: "/changes", times: 1, fault: { kind: "status", status: 500, body: "html" } });
    await run("daily", "--json");
    await run("daily");
    await run("normalize", "--all");
    await run("status", "--json");
    await run("tokens", "revoke", tokens[19] ?? "");
    // Independent of the storage of tokens.
    if (storage === "plain") {
      await run("vocabulary");
      await run("status");
      await run("status", "--check");
      await run("tokens", "revoke", "thistokenisnotok");
      await run("initial", "--api-key", ACCOUNT_KEY);
      await run("migrate", "status");
      await runSource(["initial"], {
        ...at,
        env: { ...at.env, CHE168_API_KEY: `${ACCOUNT_KEY}-wrong` },
      }).then(({ stdout, stderr }) => outputs.push(stdout, stderr));
    }

    // All API responses, with valid, wrong and missing tokens.
    const serving = startSource(["serve", "--port", "0"], at);
    let text = "";
    serving.child.stderr?.on("data", (part: string) => {
      text += part;
    });
    await serving.shown(/The API listens at .*\n/);
    const address = /The API listens at (\S+?)[,\s]/.exec(text)?.[1] ?? "";
    const answers: string[] = [];
    const personal: string[] = [];
    for (const path of PATHS) {
      for (const headers of [
        { authorization: `Bearer ${tokens[0]}` },
        { "x-api-key": tokens[1] ?? "" },
        { authorization: "Bearer guessguessguess1" },
        {},
      ]) {
        const answer = await fetch(address + path, { headers });
        const body = `${JSON.stringify([...answer.headers])}\n${await answer.text()}`;
        answers.push(body);
        // An error response may quote the client's own parameters.
        if (!path.includes(PLANTED.mobile)) {
          personal.push(body);
        }
      }
    }
    // A misplaced token: in the URL.
    answers.push(await (await fetch(`${address}offers?token=${tokens[0]}`)).text());
    await fetch(`${address}offers/${tokens[0]}`, { headers: { authorization: `Bearer ${tokens[0]}` } });
    serving.child.kill("SIGTERM");
    const served = await serving.ended;
    outputs.push(served.stdout, served.stderr);

    const logs = await Promise.all(
      (await readdir(join(at.cwd, "logs"))).map((name) => readFile(join(at.cwd, "logs", name), "utf8")),
    );
    expect(logs.join("").length).toBeGreaterThan(5_000);

    const database = await createDatabase({ url });
    onTestFinished(() => database.close());
    const { rows: tables } = await database.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
    );
    const contents = new Map<string, string>();
    for (const { name } of tables) {
      const { rows } = await database.query<{ text: string }>(`select t::text as text from ${name} as t`);
      contents.set(name, rows.map((row) => row.text).join("\n"));
    }

    // The run did process the planted data.
    const raw = contents.get("raw_data") ?? "";
    expect(found(raw, PLANTED).sort()).toEqual(Object.keys(PLANTED).sort());
    expect(contents.get("rejected_records")).toContain(PLANTED.mobile);
    expect(contents.get("processed_data")).toContain("BMW");

    const named = Object.fromEntries(tokens.map((token, index) => [`token ${index + 1}`, token]));
    const secrets = { key: ACCOUNT_KEY, secretKey: SECRET_KEY, password: DATABASE_PASSWORD, ...named };
    const everywhere = [...outputs, ...logs, ...answers];
    expect(everywhere.flatMap((one) => found(one, secrets))).toEqual([]);
    for (const [table, content] of contents) {
      const allowed = table === "api_tokens" && storage === "plain" ? Object.keys(named).slice(0, 19) : [];
      expect([table, found(content, secrets).sort()]).toEqual([table, [...allowed].sort()]);
      // These two tables store records as received, and are never served.
      if (table !== "raw_data" && table !== "rejected_records") {
        expect([table, found(content, PLANTED)]).toEqual([table, []]);
      }
    }
    expect([...outputs, ...logs, ...personal].flatMap((one) => found(one, PLANTED))).toEqual([]);
  });
});
