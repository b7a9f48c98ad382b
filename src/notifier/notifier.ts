import { silentLogger } from "../logging/types.ts";
import { readCheckWithFacts } from "../operations/index.ts";
import { createTransport } from "../upstream/internal.ts";
import { dayOf } from "../util/days.ts";
import { errorMessage } from "../util/error-message.ts";
import { claimNotices, deleteOldNotices, openReasons, settleNotices } from "./sent-notices.ts";
import { createSender, type Sender } from "./targets.ts";
import type { Notice, Notifier, NotifierOptions, NotifyResult, TestResult } from "./types.ts";

const TEST: Notice = {
  code: "failed",
  message: "This is a test message of che168-sync notify --test.",
  remedy: "Nothing to do: messages arrive here",
  resolved: false,
};

const sumOf = (results: readonly NotifyResult[]): NotifyResult => ({
  sent: results.reduce((sum, { sent }) => sum + sent, 0),
  failed: results.reduce((sum, { failed }) => sum + failed, 0),
});

/** A reason that is reported several times (rows stuck in two ways) as one notice. */
function noticesOf(reasons: readonly Omit<Notice, "resolved">[]): Notice[] {
  const byCode = Map.groupBy(reasons, ({ code }) => code);
  return [...byCode].map(([code, all]) => ({
    code,
    message: all.map(({ message }) => message).join(" "),
    remedy: [...new Set(all.map(({ remedy }) => remedy))].join("; "),
    resolved: false,
  }));
}

type OpenSendersOptions = Pick<NotifierOptions, "targets" | "proxyEnv" | "timeoutMs" | "timezone" | "now"> & {
  readonly source: string;
};

const openSenders = ({
  targets,
  proxyEnv,
  timeoutMs = 10_000,
  now = () => new Date(),
  source,
}: OpenSendersOptions) => {
  const transport = createTransport(proxyEnv);
  return targets.map((target) => createSender(target, { source, timeoutMs, transport, now }));
};

/** Sends a test message to each target; needs no database. */
export async function sendTestMessages(
  options: OpenSendersOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly TestResult[]> {
  const { now = () => new Date(), timezone = "Europe/Moscow" } = options;
  const day = dayOf(now(), timezone);
  return Promise.all(
    openSenders(options).map(async ({ label, send }) => ({
      target: label,
      error: await send([TEST], day, signal).then(
        () => null,
        (error: unknown) => errorMessage(error),
      ),
    })),
  );
}

/** Creates a notifier, which sends the reasons of `status --check` to its targets. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { database, logger = silentLogger, timezone = "Europe/Moscow" } = options;
  const now = options.now ?? (() => new Date());
  const senderOptions = { ...options, source: options.source ?? database.description };
  const senders = openSenders(senderOptions);
  const never = new AbortController().signal;

  /** Claims and sends the notices of one kind. @returns the numbers of sent and failed ones */
  async function deliver(
    sender: Sender,
    notices: readonly Notice[],
    isResolved: boolean,
    signal: AbortSignal,
  ): Promise<NotifyResult> {
    const at = now();
    const day = dayOf(at, timezone);
    const key = { target: sender.key, day, isResolved, now: at };
    const claimed = await claimNotices(database, { ...key, reasons: notices.map(({ code }) => code) });
    if (claimed.length === 0) {
      return { sent: 0, failed: 0 };
    }
    try {
      await sender.send(
        notices.filter(({ code }) => claimed.includes(code)),
        day,
        signal,
      );
    } catch (error) {
      await settleNotices(database, { ...key, reasons: claimed }, false);
      signal.throwIfAborted();
      logger.warn(`The notification to ${sender.label} failed: ${errorMessage(error)}`);
      return { sent: 0, failed: claimed.length };
    }
    await settleNotices(database, { ...key, reasons: claimed }, true);
    return { sent: claimed.length, failed: 0 };
  }

  /** One message for all notices, or one for each. */
  async function deliverAll(
    sender: Sender,
    notices: readonly Notice[],
    isResolved: boolean,
    signal: AbortSignal,
  ): Promise<NotifyResult> {
    const groups = sender.isCombined ? [notices] : notices.map((notice) => [notice]);
    const results: NotifyResult[] = [];
    for (const group of groups) {
      results.push(await deliver(sender, group, isResolved, signal));
    }
    return sumOf(results);
  }

  async function round(signal: AbortSignal): Promise<NotifyResult> {
    const { check, facts } = await readCheckWithFacts({ ...options, now: now() });
    const current = noticesOf(check.reasons);
    const results: NotifyResult[] = [];
    for (const sender of senders) {
      results.push(await deliverAll(sender, current, false, signal));
      // A run suppresses reasons that it will settle, so nothing is resolved before its end.
      if (facts.running.length === 0) {
        const open = await openReasons(database, sender.key);
        const resolved = open
          .filter((code) => current.every((notice) => notice.code !== code))
          .map((code) => ({
            code,
            message: `${code} no longer applies.`,
            remedy: "Nothing to do",
            resolved: true,
          }));
        results.push(await deliverAll(sender, resolved, true, signal));
      }
    }
    await deleteOldNotices(database, dayOf(now(), timezone));
    return sumOf(results);
  }

  return {
    run: async ({ signal = never } = {}) => {
      if (senders.length === 0) {
        return { sent: 0, failed: 0 };
      }
      try {
        return await round(signal);
      } catch (error) {
        if (!signal.aborted) {
          logger.warn(`Notifications could not be sent: ${errorMessage(error)}`);
        }
        return { sent: 0, failed: 0 };
      }
    },
    test: async ({ signal = never } = {}) => sendTestMessages(senderOptions, signal),
  };
}
