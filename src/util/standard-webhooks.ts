import { createHmac } from "node:crypto";

/**
 * The headers of Standard Webhooks: id, time, and HMAC-SHA256 over id, time and body. Pure.
 *
 * @param at seconds since 1970
 */
export function signatureHeaders(
  { id, body }: { readonly id: string; readonly body: string },
  key: Buffer,
  at: number,
): Record<string, string> {
  const signature = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(at),
    "webhook-signature": `v1,${signature}`,
  };
}
