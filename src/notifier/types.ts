import type { Logger } from "../logging/index.ts";
import type { CheckOptions, CheckReason } from "../operations/index.ts";

/** Receives each message as a POST with a JSON body. */
export interface WebhookTarget {
  readonly type: "webhook";
  /** Address, `https://…`; it may contain a secret and appears in no message. */
  readonly url: string;
  /** Signs requests by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). */
  readonly secret?: string | undefined;
}

/** Receives messages in a chat of Telegram. */
export interface TelegramTarget {
  readonly type: "telegram";
  /** Token of the bot, from @BotFather. */
  readonly token: string;
  /** Id of the chat, or `@name` of a channel. */
  readonly chatId: number | string;
  /** @default "https://api.telegram.org" */
  readonly apiUrl?: string | undefined;
}

/** Where messages go. */
export type NotifyTarget = WebhookTarget | TelegramTarget;

/** Dependencies and options of {@link createNotifier}. */
export interface NotifierOptions extends Omit<CheckOptions, "now"> {
  readonly targets: readonly NotifyTarget[];
  readonly logger?: Logger | undefined;
  /** Names the copy in messages. @default host and name of the database */
  readonly source?: string | undefined;
  /** Proxy settings: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` (Node.js 22.21 or 24.5 and newer). @default none */
  readonly proxyEnv?: Readonly<Record<string, string | undefined>> | undefined;
  /** Response timeout, in milliseconds. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** One message: a reason of `status --check`, new or resolved. */
export interface Notice extends Pick<CheckReason, "message" | "remedy"> {
  /** The reason: `feed_silent`. */
  readonly code: string;
  readonly resolved: boolean;
}

/** Result of a round. */
export interface NotifyResult {
  /** Messages that a target has accepted. */
  readonly sent: number;
  /** Messages that failed; they are sent again in a later round. */
  readonly failed: number;
}

/** The outcome of a test message. */
export interface TestResult {
  /** `webhook example.com`, `telegram 4711`. */
  readonly target: string;
  /** Null when the target accepted the message. */
  readonly error: string | null;
}

/** Reports the reasons of `status --check`. */
export interface Notifier {
  /**
   * Sends each reason once per target and day, and once more when it is resolved. Processes that share a database do not
   * send a message twice. Never throws: failures are logged as warnings.
   */
  run(options?: { readonly signal?: AbortSignal | undefined }): Promise<NotifyResult>;
  /** Sends a test message to each target, without the database. */
  test(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly TestResult[]>;
}
