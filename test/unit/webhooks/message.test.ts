import { expect, test } from "vitest";
import type { PublicEvent } from "../../../src/events/index.ts";
import { signatureHeaders } from "../../../src/util/standard-webhooks.ts";
import { backOffMs } from "../../../src/webhooks/back-off.ts";
import { endpointName, endpointProblems, signingKeyOf } from "../../../src/webhooks/endpoints.ts";
import { makeMessage } from "../../../src/webhooks/message.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const event = (id: number): PublicEvent => ({
  id,
  kind: "price",
  inner_id: "53692747",
  at: `2026-11-27T12:00:0${id}+00:00`,
  old_price: 2,
  new_price: 1,
});

test("signatures are those of Standard Webhooks, by its published example", () => {
  const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}' };
  expect(signatureHeaders(message, signingKeyOf(SECRET) ?? Buffer.alloc(0), 1_614_265_330)).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("the same events make the same id and body; other events or another endpoint another id", () => {
  const one = makeMessage("https://a.example/", [event(3), event(5)], undefined);
  expect(makeMessage("https://a.example/", [event(3), event(5)], undefined)).toEqual(one);
  expect(one.id).toMatch(/^che168_[0-9a-f]{16}_3_5$/);
  expect(JSON.parse(one.body)).toEqual({
    type: "listings.changed",
    timestamp: "2026-11-27T12:00:05+00:00",
    data: { events: [event(3), event(5)] },
  });
  expect(makeMessage("https://b.example/", [event(3), event(5)], undefined).id).not.toBe(one.id);
  expect(JSON.parse(makeMessage("https://a.example/", [event(9)], 8).body).data.skipped_to).toBe(8);
});

test("the back-off doubles up to an hour, with jitter, and honours Retry-After up to an hour", () => {
  expect([1, 2, 3, 30].map((failures) => backOffMs(failures, 1))).toEqual([2_000, 4_000, 8_000, 3_600_000]);
  expect(backOffMs(3, 0)).toBe(4_000);
  expect(backOffMs(1, 0, 60_000)).toBe(60_000);
  expect(backOffMs(1, 0, 10 ** 9)).toBe(3_600_000);
});

test("every problem of the endpoints is reported; credentials do not tell endpoints apart", () => {
  const problems = endpointProblems([
    { url: "https://a.example/hook?token=first", secret: SECRET },
    { url: "https://a.example/hook?token=second", secret: "whsec_c2hvcnQ=" },
    { url: "ftp://a.example", secret: "plain" },
  ]);
  expect(problems.map(({ key }) => key)).toEqual([
    "webhooks[1].secret",
    "webhooks[1].url",
    "webhooks[2].secret",
    "webhooks[2].url",
  ]);
  expect(endpointName("https://user:pass@a.example/hook?sig=abc")).toBe(
    "https://user:[hidden]@a.example/hook?sig=[hidden]",
  );
});
