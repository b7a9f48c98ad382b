import { hash } from "node:crypto";
import type { Transport, TransportResponse } from "../upstream/internal.ts";
import { linkSignals } from "../util/abort.ts";
import { signatureHeaders } from "../util/standard-webhooks.ts";
import { version } from "../version.ts";
import { chatText, signingKey, webhookBody } from "./messages.ts";
import type { Notice, NotifyTarget, TelegramTarget, WebhookTarget } from "./types.ts";

const TELEGRAM = "https://api.telegram.org";
const MAX_DESCRIPTION = 200;
const MAX_RESPONSE_BYTES = 65_536;

/** A target that messages can be sent to. */
export interface Sender {
  /** Name for logs, without secrets: `webhook example.com`. */
  readonly label: string;
  /** Identifies the target in the database, without secrets. */
  readonly key: string;
  /** Whether one message holds all notices of a round; otherwise each has its own. */
  readonly isCombined: boolean;
  /**
   * Sends notices, all or none.
   *
   * @param day the day of the notices, part of the id that receivers recognise a repetition by
   * @throws Error without secrets
   */
  send(notices: readonly Notice[], day: string, signal: AbortSignal): Promise<void>;
}

interface SenderOptions {
  /** Names the copy in messages. */
  readonly source: string;
  readonly timeoutMs: number;
  readonly transport: Pick<Transport, "fetch">;
  readonly now: () => Date;
}

const hashOf = (...parts: readonly (string | number)[]): string => hash("sha256", parts.join("\n"), "hex");

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Sends a JSON body; redirects are not followed, because they could carry a message or a token to another host. */
async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { signal, transport, timeoutMs }: { readonly signal: AbortSignal } & SenderOptions,
): Promise<Reply> {
  const link = linkSignals(signal);
  const timer = setTimeout(() => link.abort(new Error(`no response within ${timeoutMs} ms`)), timeoutMs);
  try {
    const response = (await transport.fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "user-agent": `che168-sync/${version}`, ...headers },
      signal: link.signal,
    })) as unknown as TransportResponse;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_RESPONSE_BYTES) {
        break;
      }
      chunks.push(chunk);
    }
    return { status: response.status, text: Buffer.concat(chunks).toString("utf8") };
  } catch (error) {
    signal.throwIfAborted();
    // Messages of the system can contain the address; codes do not.
    throw link.signal.aborted
      ? link.signal.reason
      : new Error(
          `no connection (${(error as NodeJS.ErrnoException).code ?? "unknown"}); check the address and the network`,
        );
  } finally {
    clearTimeout(timer);
    link.unlink();
  }
}

const isAccepted = ({ status }: Reply): boolean => status >= 200 && status < 300;

function createWebhook({ url, secret }: WebhookTarget, options: SenderOptions): Sender {
  const key = hashOf("webhook", url);
  return {
    label: `webhook ${new URL(url).host}`,
    key,
    isCombined: false,
    send: async (notices, day, signal) => {
      for (const notice of notices) {
        const at = options.now();
        const body = webhookBody(options.source, notice, at);
        const id = `msg_${hashOf(key, notice.code, day, String(notice.resolved)).slice(0, 32)}`;
        const headers =
          secret === undefined
            ? {}
            : signatureHeaders({ id, body }, signingKey(secret), Math.floor(at.getTime() / 1_000));
        const reply = await post(url, body, headers, { ...options, signal });
        if (!isAccepted(reply)) {
          throw new Error(`it responded ${reply.status}`);
        }
      }
    },
  };
}

/** By status of the Bot API. */
const TELEGRAM_REMEDIES: Readonly<Record<number, string>> = {
  400: "check chatId",
  401: "check the token of the bot",
  403: "add the bot to the chat, or write to it first",
  404: "check the token of the bot",
};

function createTelegram(
  { token, chatId, apiUrl = TELEGRAM }: TelegramTarget,
  options: SenderOptions,
): Sender {
  const url = `${apiUrl.replace(/\/+$/, "")}/bot${token}/sendMessage`;
  return {
    label: `telegram ${chatId}`,
    key: hashOf("telegram", apiUrl, token, chatId),
    isCombined: true,
    send: async (notices, _day, signal) => {
      const body = JSON.stringify({
        chat_id: chatId,
        text: chatText(options.source, notices),
        link_preview_options: { is_disabled: true },
      });
      const reply = await post(url, body, {}, { ...options, signal });
      if (!isAccepted(reply)) {
        const remedy = TELEGRAM_REMEDIES[reply.status];
        const response = `it responded ${reply.status}${descriptionOf(reply.text, token)}`;
        throw new Error(remedy === undefined ? response : `${response}; ${remedy}`);
      }
    },
  };
}

/** Telegram's explanation of an error: `: chat not found`. */
function descriptionOf(text: string, token: string): string {
  try {
    const { description } = JSON.parse(text) as { readonly description?: unknown };
    return typeof description === "string"
      ? `: ${description.replaceAll(token, "[hidden]").slice(0, MAX_DESCRIPTION)}`
      : "";
  } catch {
    return "";
  }
}

export const createSender = (target: NotifyTarget, options: SenderOptions): Sender =>
  target.type === "webhook" ? createWebhook(target, options) : createTelegram(target, options);
