import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "ApiRateLimit",
  tableName: "api_rate_limits",
  properties: {
    key: p.string().length(255).primary(),
    points: p.integer().default(0),
    /** Milliseconds since 1970. */
    expire: p.bigint("number").nullable(),
  },
});

/** Requests of a token in the current window, counted by all serving processes together. */
export class ApiRateLimit extends schema.class {}
schema.setClass(ApiRateLimit);
