import { expect, test } from "vitest";
import { requestId } from "../../../src/api/http/api-request.ts";

const TOKEN = "aB3dE6gH9jK2mN5p";

test("a client's request id is kept when it is plain, short and not a possible token", () => {
  expect(requestId("3f2b8c1e-7a4d-4e5f-9b1a-2c3d4e5f6a7b")).toBe("3f2b8c1e-7a4d-4e5f-9b1a-2c3d4e5f6a7b");
  for (const given of [null, "", "a b", "x".repeat(65), "a\nb", TOKEN, `id-${TOKEN}`]) {
    expect(requestId(given)).not.toBe(given);
  }
  expect(requestId(null)).not.toBe(requestId(null));
});
