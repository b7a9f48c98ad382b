import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const responses = fileURLToPath(new URL("../../../src/upstream/responses.ts", import.meta.url));

/** Reads a response of 64 MiB in a process of its own and prints the peak memory in MiB. */
const program = (start: string, piece: string) => `
  import { parseOffersPage, responseContext } from ${JSON.stringify(responses)};
  const body = Buffer.concat([Buffer.from(${JSON.stringify(start)}), Buffer.alloc(64 * 1024 * 1024, ${JSON.stringify(piece)})]);
  const request = { what: "page", method: "GET", path: "/offers" };
  let code = "";
  try {
    parseOffersPage(1, responseContext(body, request, (text) => text));
  } catch (error) {
    code = error.code;
  }
  console.log(JSON.stringify({ code, peakMiB: process.resourceUsage().maxRSS / 1024 }));
`;

test.each([
  ["brackets", '{"result":', "["],
  ["records", '{"result":[', "{},"],
  ["empty arrays in a record", '{"result":[{"data":[', "[],"],
])("a response of 64 MiB of %s takes a small multiple of its size", async (_name, start, piece) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    program(start, piece),
  ]);
  const { code, peakMiB } = JSON.parse(stdout) as { code: string; peakMiB: number };
  expect(code).toBe("UPSTREAM_INVALID_RESPONSE");
  expect(peakMiB).toBeLessThan(512);
});
