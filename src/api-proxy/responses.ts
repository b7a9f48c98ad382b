/** A response of the API, as the proxy keeps and sends it. */
export interface KeptResponse {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Missing for short bodies. */
  readonly gzipped: Uint8Array<ArrayBuffer> | undefined;
  readonly etag: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers of the API that reach the browser, besides those that the proxy sets itself. */
const KEPT_HEADERS = ["x-changes-after", "retry-after"] as const;

/** Shorter bodies are sent uncompressed. */
const MIN_COMPRESSED_BYTES = 1_024;
const PROBLEM = "application/problem+json";

async function gzip(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Reads a response of the API to its end. */
export async function keep(response: Response): Promise<KeptResponse> {
  const body = new Uint8Array(await response.arrayBuffer());
  const { headers } = response;
  return {
    status: response.status,
    type: headers.get("content-type") ?? "application/octet-stream",
    body,
    gzipped: body.length < MIN_COMPRESSED_BYTES ? undefined : await gzip(body),
    etag: headers.get("etag"),
    headers: Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    ),
  };
}

/** Entity tags are compared weakly, in any coding. */
const tagOf = (text: string) => text.trim().replace(/^W\//, "").replace(/-gz"$/, '"');

function isCurrent(request: Request, etag: string | null): boolean {
  const known = request.headers.get("if-none-match")?.split(",") ?? [];
  return etag !== null && known.some((one) => tagOf(one) === tagOf(etag));
}

const acceptsGzip = (request: Request) =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(request.headers.get("accept-encoding") ?? "");

/** The response to a browser, with the headers of a fixed list. */
export function toBrowser(request: Request, kept: KeptResponse, cacheControl: string): Response {
  const headers = new Headers({
    ...kept.headers,
    vary: "accept-encoding",
    "cache-control": kept.status === 200 ? cacheControl : "no-store",
    "x-content-type-options": "nosniff",
  });
  if (kept.etag !== null) {
    headers.set("etag", `W/${tagOf(kept.etag)}`);
  }
  if (kept.status === 200 && isCurrent(request, kept.etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers.set("content-type", kept.type);
  const isGzip = kept.gzipped !== undefined && acceptsGzip(request);
  if (isGzip) {
    headers.set("content-encoding", "gzip");
  }
  const body = isGzip ? kept.gzipped : kept.body;
  headers.set("content-length", String(body?.length ?? 0));
  return new Response(request.method === "HEAD" ? null : body, { status: kept.status, headers });
}

const PICTURE_HEADERS = [
  "content-type",
  "content-length",
  "cache-control",
  "etag",
  "content-security-policy",
];

/** A picture is passed on as it arrives. */
export function pictureToBrowser(response: Response): Response {
  const headers = new Headers({ "x-content-type-options": "nosniff" });
  for (const name of PICTURE_HEADERS) {
    const value = response.headers.get(name);
    if (value !== null) {
      headers.set(name, value);
    }
  }
  return new Response(response.body, { status: response.status, headers });
}

const TITLES: Readonly<Record<number, string>> = {
  404: "Not Found",
  405: "Method Not Allowed",
  429: "Too Many Requests",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** A failure of the proxy itself, as a problem document like those of the API (RFC 9457). */
export function problemOf(
  status: number,
  code: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): KeptResponse {
  const facts = { type: "about:blank", title: TITLES[status], status, detail, code };
  const body = new TextEncoder().encode(JSON.stringify({ ...facts, request_id: crypto.randomUUID() }));
  return { status, type: PROBLEM, body, gzipped: undefined, etag: null, headers };
}
