import { describe, expect, test } from "vitest";
import { createResponseCache } from "../../../src/api/cache/response-cache.ts";
import { type EncodedBody, forCache, heldBytes, jsonBody } from "../../../src/api/http/response.ts";
import { Claim } from "../../../src/api/replicas/claim.ts";

/** The claim of a request. */
const claim = (client = 1) => new Claim({ client, isGone: () => false });
const make = (maxBytes: number) =>
  createResponseCache<{ size: number }>({ maxBytes, sizeOf: ({ size }) => size });

describe("the response cache", () => {
  test("stays within its limit", async () => {
    const cache = make(100_000);
    for (let index = 0; index < 1_000; index += 1) {
      await cache.get(`key ${index}`, claim(), async () => ({ size: 5_000 }));
      await cache.get(`key ${index}`, claim(), async () => ({ size: 5_000 }));
      expect(cache.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(cache.bytes).toBeGreaterThan(50_000);
  });

  test("keeps a response from its second request on", async () => {
    const cache = make(100_000);
    const get = () => cache.get("a", claim(), async () => ({ size: 1 }));
    const [first, second, third] = [await get(), await get(), await get()];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(cache.bytes).toBeGreaterThan(0);
  });

  test("loads once for concurrent requests", async () => {
    const cache = make(100_000);
    let loads = 0;
    const load = async () => {
      loads += 1;
      return { size: 1 };
    };
    const found = await Promise.all([
      cache.get("a", claim(), load),
      cache.get("a", claim(), load),
      cache.get("a", claim(), load),
    ]);
    expect(loads).toBe(1);
    expect(new Set(found).size).toBe(1);
  });

  test("starts another load when the one in progress was given up by its request", async () => {
    const cache = make(100_000);
    const first = claim(1);
    const { promise, reject } = Promise.withResolvers<{ size: number }>();
    const refused = Promise.resolve(cache.get("a", first, () => promise)).catch(
      (error: Error) => error.message,
    );
    first.isClosed = true;
    const own = { size: 2 };
    expect(await cache.get("a", claim(2), async () => own)).toBe(own);
    reject(new Error("refused"));
    expect(await refused).toBe("refused");
  });

  test("does not keep failures", async () => {
    const cache = make(100_000);
    const failing = cache.get("a", claim(), () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    await expect(cache.get("a", claim(), async () => ({ size: 1 }))).resolves.toEqual({ size: 1 });
  });

  test("does not keep a response whose load started before it was cleared", async () => {
    const cache = make(100_000);
    const { promise, resolve } = Promise.withResolvers<{ size: number }>();
    const loading = cache.get("a", claim(), () => promise);
    cache.clear();
    resolve({ size: 1 });
    await loading;
    const again = { size: 2 };
    expect(await cache.get("a", claim(), async () => again)).toBe(again);
  });

  test("counts all memory that its buffers hold", async () => {
    const cache = createResponseCache<EncodedBody>({
      maxBytes: 2 ** 30,
      sizeOf: heldBytes,
      prepare: forCache,
    });
    const slabs = new Set<ArrayBufferLike>();
    for (let index = 0; index < 200; index += 1) {
      // From below the buffer pool's limit and the compression threshold to above the limit of compression in the main thread.
      const body = () => jsonBody(JSON.stringify({ index, text: "x".repeat(20 + index ** 2 * 5) }));
      await cache.get(`offer ${index}`, claim(), async () => body());
      const { bytes, gzipped } = await cache.get(`offer ${index}`, claim(), async () => body());
      slabs.add(bytes.buffer);
      if (gzipped !== undefined) {
        slabs.add(gzipped.buffer);
      }
    }
    const held = [...slabs].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(slabs.size).toBeGreaterThan(300);
    expect(cache.bytes).toBeGreaterThanOrEqual(held);
    expect(cache.bytes).toBeLessThan(held + 200 * 2_000);
  });
});
