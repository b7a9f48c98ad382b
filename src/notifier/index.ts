/** Messages about the reasons of `status --check`, to webhooks and Telegram. */
export { createNotifier, sendTestMessages } from "./notifier.ts";
export type {
  Notice,
  Notifier,
  NotifierOptions,
  NotifyResult,
  NotifyTarget,
  TelegramTarget,
  TestResult,
  WebhookTarget,
} from "./types.ts";
