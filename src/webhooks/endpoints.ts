import type { EventKind } from "../database/index.ts";
import type { ConfigProblem } from "../errors.ts";
import { EVENT_KINDS } from "../events/index.ts";
import { maskUrl } from "../util/mask-url.ts";

/** A receiver of events. */
export interface WebhookEndpoint {
  /**
   * Address of the receiver, with `http://` or `https://`; user and password are sent as Basic credentials. Without its
   * credentials it identifies the endpoint, so these can be renewed.
   */
  readonly url: string;
  /** Key of the signatures: `whsec_`, then 24 to 64 random bytes in base64 (Standard Webhooks). */
  readonly secret: string;
  /** Only events of these kinds. @default all */
  readonly kinds?: readonly EventKind[] | undefined;
  /** Where a new endpoint starts: with the oldest kept event, or with those to come. @default "newest" */
  readonly from?: "oldest" | "newest" | undefined;
}

const PREFIX = "whsec_";
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;

/** What a secret must be, to complete "must be …". */
export const SECRET_FORM = `${PREFIX} followed by ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes in base64, for example from: echo "${PREFIX}$(openssl rand -base64 32)"`;
/** What an address must be, to complete "must be …". */
export const URL_FORM = "an http:// or https:// address without a fragment";

/** The bytes of a secret; undefined when it is malformed. */
export function signingKeyOf(secret: string): Buffer | undefined {
  const [, text] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(text ?? "", "base64");
  return key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES ? key : undefined;
}

/** Whether an address can receive webhooks. */
export function isEndpointUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hash === "";
}

/** The address that identifies an endpoint: normalised, its credentials masked. */
export const endpointName = (url: string): string => maskUrl(new URL(url).href);

/** Problems of endpoints with the same address: it identifies them. Invalid addresses are ignored. */
export function duplicateProblems(urls: readonly unknown[]): ConfigProblem[] {
  const names = urls.map((url) =>
    typeof url === "string" && isEndpointUrl(url) ? endpointName(url) : undefined,
  );
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [{ key: `webhooks[${index}].url`, message: "is the address of two endpoints; keep one of them" }]
      : [],
  );
}

/** Problems of a list of endpoints, by key. */
export function endpointProblems(endpoints: readonly WebhookEndpoint[]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const duplicates = duplicateProblems(endpoints.map(({ url }) => url));
  for (const [index, { url, secret, kinds = [] }] of endpoints.entries()) {
    const key = `webhooks[${index}]`;
    if (signingKeyOf(secret) === undefined) {
      problems.push({ key: `${key}.secret`, message: `must be ${SECRET_FORM}` });
    }
    if (kinds.some((kind) => !EVENT_KINDS.includes(kind))) {
      problems.push({ key: `${key}.kinds`, message: `must be among ${EVENT_KINDS.join(", ")}` });
    }
    if (!isEndpointUrl(url)) {
      problems.push({ key: `${key}.url`, message: `must be ${URL_FORM}` });
    }
    problems.push(...duplicates.filter((problem) => problem.key === `${key}.url`));
  }
  return problems;
}
