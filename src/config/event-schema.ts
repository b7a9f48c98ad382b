import { type } from "arktype";
import { EVENT_KINDS } from "../events/index.ts";
import { isEndpointUrl, SECRET_FORM, signingKeyOf, URL_FORM } from "../webhooks/endpoints.ts";
import { wholeBetween } from "./schema-types.ts";

/** The section `events`. */
export const eventsSchema = type({
  "+": "reject",
  /**
   * Events are deleted after this many days, except those that the price history of active listings needs. 0: no events, so
   * no `/changes`, no webhooks and no price history.
   */
  retentionDays: wholeBetween(0, 36_500, "days").default(180),
});

/** An item of `webhooks`. */
export const webhookSchema = type({
  "+": "reject",
  /** Address that receives events. User and password are sent as Basic credentials. */
  url: type("string")
    .narrow((value, context) => isEndpointUrl(value) || context.reject({ expected: URL_FORM }))
    .describe(URL_FORM),
  /** Key of the signatures (Standard Webhooks). */
  secret: type("string")
    .narrow(
      (value, context) => signingKeyOf(value) !== undefined || context.reject({ expected: SECRET_FORM }),
    )
    .describe(SECRET_FORM),
  /** Only events of these kinds. Default: all. */
  "kinds?": type.enumerated(...EVENT_KINDS).array(),
  /** Where a new endpoint starts: with the oldest kept event, or with those to come (default). */
  "from?": type("'oldest' | 'newest'"),
});
