import { type } from "arktype";
import { isHttpUrl } from "./formats.ts";
import { httpBase, text } from "./schema-types.ts";

const target = type({
  "+": "reject",
  type: "'webhook'",
  /** Receives each message as a JSON body by POST. */
  url: text("an http:// or https:// address", isHttpUrl),
  /** Signs requests by Standard Webhooks. */
  "secret?": text("a secret, without spaces", (value) => /^[\x21-\x7e]+$/.test(value)),
}).or({
  "+": "reject",
  type: "'telegram'",
  /** Token of the bot, from @BotFather. */
  token: text("the token of a bot, such as 123456:ABC-DEF", (value) => /^[\w:-]+$/.test(value)),
  /** Id of the chat, or `@name` of a channel. */
  chatId: type("number.integer").or(
    text("the id of a chat, or @name of a channel", (value) => /^(?:-?\d+|@\w+)$/.test(value)),
  ),
  /** Replaces `https://api.telegram.org`. */
  "apiUrl?": httpBase,
});

/** The list `notify`: where messages are sent. */
export const notifySchema = target
  .array()
  .describe('a list of { type: "webhook", url, secret? } and { type: "telegram", token, chatId, apiUrl? }');
