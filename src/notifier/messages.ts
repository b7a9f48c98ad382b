/** The texts and bodies of messages. Pure. */
import { version } from "../version.ts";
import type { Notice } from "./types.ts";

/** Telegram rejects longer messages. */
const MAX_TELEGRAM_LENGTH = 4_096;

/** A notice for people: a line with the reason and, unless it is resolved, one with the remedy. */
export const noticeText = ({ code, message, remedy, resolved }: Notice): string =>
  resolved ? `✅ ${code}: resolved` : `⚠️ ${code}: ${message}\n→ ${remedy}`;

/** The text of a chat message with several notices. */
export function chatText(source: string, notices: readonly Notice[]): string {
  const text = [`che168-sync, ${source}`, ...notices.map(noticeText)].join("\n\n");
  return text.length <= MAX_TELEGRAM_LENGTH ? text : `${text.slice(0, MAX_TELEGRAM_LENGTH - 1)}…`;
}

/** The JSON body of a webhook; `text` is what chat services show. */
export function webhookBody(source: string, notice: Notice, at: Date): string {
  const { code, message, remedy, resolved } = notice;
  return JSON.stringify({
    type: resolved ? "status.resolved" : "status.reason",
    timestamp: at.toISOString(),
    text: `che168-sync, ${source}: ${noticeText(notice)}`,
    data: { reason: code, message, remedy, resolved, source, version },
  });
}

/** The key of a Standard Webhooks secret: `whsec_` and base64, or any other text as it is. */
export const signingKey = (secret: string): Buffer =>
  secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
