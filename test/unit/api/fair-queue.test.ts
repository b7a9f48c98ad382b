import { expect, test } from "vitest";
import { FairQueue } from "../../../src/api/replicas/fair-queue.ts";

const filled = (...items: [client: number, item: string][]) => {
  const queue = new FairQueue<string>();
  for (const [client, item] of items) {
    queue.add(client, item);
  }
  return queue;
};
const drain = (queue: FairQueue<string>) => Array.from({ length: queue.size }, () => queue.take()?.item);

test("clients take turns, each with its oldest item", () => {
  const queue = filled([1, "a1"], [1, "a2"], [1, "a3"], [2, "b1"], [3, "c1"], [2, "b2"]);
  expect(drain(queue)).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
  expect(queue.take()).toBeUndefined();
});

test("a client that returns waits after those already in the queue", () => {
  const queue = filled([1, "a1"], [2, "b1"], [3, "c1"]);
  expect(queue.take()?.item).toBe("a1");
  queue.add(1, "a2");
  expect(drain(queue)).toEqual(["b1", "c1", "a2"]);
});

test("clients that may not take one keep their turn", () => {
  const queue = filled([1, "a1"], [2, "b1"], [1, "a2"]);
  expect(queue.take((client) => client !== 1)).toEqual({ client: 2, item: "b1" });
  expect(queue.take((client) => client !== 1)).toBeUndefined();
  expect(drain(queue)).toEqual(["a1", "a2"]);
});

test("removed items are not taken, and the size counts the remaining ones", () => {
  const queue = filled([1, "a1"], [1, "a2"], [2, "b1"]);
  queue.remove(1, "a1");
  queue.remove(2, "b1");
  queue.remove(2, "b1");
  queue.remove(3, "c1");
  expect([queue.size, queue.of(1), queue.of(2), [...queue]]).toEqual([1, ["a2"], [], ["a2"]]);
  expect(drain(queue)).toEqual(["a2"]);
});
