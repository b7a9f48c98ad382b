import { expect, test } from "vitest";
import { readAhead } from "../../../src/util/read-ahead.ts";

/** Notes what it makes, and when it is stopped. */
function numbersUpTo(last: number) {
  const log: string[] = [];
  async function* make(): AsyncGenerator<number, string, void> {
    try {
      for (let number = 1; number <= last; number += 1) {
        log.push(`made ${number}`);
        yield number;
      }
      return "the end";
    } finally {
      log.push("stopped");
    }
  }
  return { log, source: make() };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test.each([
  [0, ["made 1"]],
  [1, ["made 1", "made 2"]],
  [2, ["made 1", "made 2", "made 3"]],
])("while one item is used, %i more are made", async (count, made) => {
  const { log, source } = numbersUpTo(9);
  const items = readAhead(source, count);
  expect(await items.next()).toEqual({ done: false, value: 1 });
  await turn();
  expect(log).toEqual(made);
});

test("items keep their order, and the result of the source is the result", async () => {
  const items = readAhead(numbersUpTo(3).source, 2);
  const all = [await items.next(), await items.next(), await items.next(), await items.next()];
  expect(all.map(({ value }) => value)).toEqual([1, 2, 3, "the end"]);
});

test("a consumer that stops early continues only after the source has stopped", async () => {
  const { log, source } = numbersUpTo(9);
  for await (const item of readAhead(source, 2)) {
    if (item === 2) {
      break;
    }
  }
  expect(log.at(-1)).toBe("stopped");
});

test("a failure reaches the consumer in its turn", async () => {
  async function* failing(): AsyncGenerator<number, void, void> {
    yield 1;
    throw new Error("no more");
  }
  const items = readAhead(failing(), 2);
  expect(await items.next()).toEqual({ done: false, value: 1 });
  await turn();
  await expect(items.next()).rejects.toThrow("no more");
});
