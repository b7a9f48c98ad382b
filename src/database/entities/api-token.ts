import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "ApiToken",
  tableName: "api_tokens",
  properties: {
    id: p.integer().primary().autoincrement(),
    /** The token itself, or its HMAC when `tokens.storage` is `hashed`. */
    token: p.string().unique("api_tokens_token_unique"),
    createdAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    expiresAt: p.datetime().columnType("timestamptz").nullable(),
    description: p.text().nullable(),
    lastUsedAt: p.datetime().columnType("timestamptz").nullable(),
    /** Of `read`, `ops` and `mirror`. */
    scopes: p.array<string>().columnType("text[]").defaultRaw("'{read,ops}'"),
    /** Of the `SECRET_KEY` that the hash was made with; null for a plain token. */
    keyId: p.string().length(16).nullable(),
  },
});

/** A key to the public API. */
export class ApiToken extends schema.class {}
schema.setClass(ApiToken);
