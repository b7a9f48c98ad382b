import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { rawListings } from "../../support/events/raw.ts";
import { type Behaviour, SECRET, startReceiver } from "../../support/events/receiver.ts";
import { directoryWith } from "../../support/files/files.ts";
import { type RunningCommand, startSource } from "../../support/process/command.ts";

/** What a receiver does when `serve` is killed: nothing yet, or it has accepted the message. */
const MOMENTS = ["before the response", "with the response", "after the position moved"] as const;

test("every event arrives at least once and in order, however often serve is killed", async () => {
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  const database = await createDatabase({ url });
  onTestFinished(() => database.close());
  const { add, normalize } = rawListings(() => database);
  const receiver = await startReceiver();
  const cwd = await directoryWith();
  const endpoint = { url: receiver.url, secret: SECRET, from: "oldest" };
  await writeFile(join(cwd, "che168.config.json"), JSON.stringify({ webhooks: [endpoint] }));
  const env = { DATABASE_URL: url, LOG_DIR: "false" };
  const serve = (): RunningCommand => startSource(["serve", "--port", "0"], { cwd, env });
  const position = async () => {
    const { rows } = await database.query<{ position: number }>(
      "select position::float8 as position from webhook_endpoints",
    );
    return rows[0]?.position ?? 0;
  };
  let count = 0;
  const addEvents = async () => {
    await add(Array.from({ length: 250 }, (_, index) => `${count + index + 1}`));
    count += 250;
    await normalize();
  };

  for (const moment of MOMENTS) {
    await addEvents();
    const server = serve();
    let requests = 0;
    const die: Behaviour = () => {
      requests += 1;
      if (requests < 2) {
        return 204;
      }
      if (moment === "after the position moved" && requests < 3) {
        return 204;
      }
      if (moment === "with the response") {
        setImmediate(() => server.child.kill("SIGKILL"));
        return 204;
      }
      server.child.kill("SIGKILL");
      return "hang";
    };
    receiver.behave(die);
    await server.ended;
    expect(await position()).toBeLessThanOrEqual(Math.max(0, ...receiver.accepted));
  }

  receiver.behave(204);
  const server = serve();
  await expect.poll(position, { interval: 50 }).toBe(count);
  server.child.kill("SIGTERM");
  await server.ended;
  const firsts = [...new Set(receiver.accepted)];
  expect(firsts).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  expect(receiver.maxInFlight()).toBe(1);
});
