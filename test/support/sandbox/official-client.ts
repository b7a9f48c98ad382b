/** Requests and expectations of the service's eight official clients (version 1.0.5), which agree but for `getOffer`. */

/** An error as the clients report it: 401 and 403 are errors of authentication, any other status is one of the API. */
export class OfficialClientError extends Error {
  readonly kind: "auth" | "api";
  readonly status: number;

  constructor(kind: "auth" | "api", status: number, message: string) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

export interface OfficialRecord {
  readonly id: number;
  readonly inner_id: string;
  readonly change_type: string;
  readonly created_at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Query = Readonly<Record<string, string | number>>;

/** @param apiUrl the host without a path */
export function createOfficialClient(apiUrl: string, key: string) {
  async function read<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(apiUrl + path, init);
    const text = await response.text();
    if (response.ok) {
      return JSON.parse(text) as T;
    }
    let message: unknown;
    try {
      message = (JSON.parse(text) as { message?: unknown }).message;
    } catch {
      // Such as a 502 in plain text.
    }
    const kind = response.status === 401 || response.status === 403 ? "auth" : "api";
    throw new OfficialClientError(
      kind,
      response.status,
      typeof message === "string" ? message : `API error: ${response.status}`,
    );
  }
  const get = <T>(source: string, endpoint: string, query: Query = {}) => {
    const parameters = new URLSearchParams({ api_key: key });
    for (const [name, value] of Object.entries(query)) {
      parameters.set(name, String(value));
    }
    return read<T>(`/api/v2/${source}/${endpoint}?${parameters}`);
  };

  return {
    getFilters: (source: string) => get<Record<string, unknown>>(source, "filters"),
    getOffers: (source: string, query: Query) =>
      get<{ result: OfficialRecord[]; meta: { page: number; next_page: number | null; limit: number } }>(
        source,
        "offers",
        query,
      ),
    /** Node, Python, PHP; their examples read `offer.data.url`. */
    getOffer: (source: string, innerId: string) =>
      get<Pick<OfficialRecord, "inner_id" | "data">>(source, "offer", { inner_id: innerId }),
    /** Go, Java, .NET, Rust. */
    getOfferList: (source: string, innerId: string) =>
      get<{ result: Pick<OfficialRecord, "inner_id" | "data">[]; meta: object }>(source, "offer", {
        inner_id: innerId,
      }),
    getChangeId: async (source: string, date: string) =>
      (await get<{ change_id: number }>(source, "change_id", { date })).change_id,
    getChanges: (source: string, changeId: number) =>
      get<{
        result: OfficialRecord[];
        meta: { cur_change_id: number; next_change_id: number | null; limit: number };
      }>(source, "changes", { change_id: changeId }),
    getOfferByUrl: (url: string) =>
      read<Record<string, unknown>>("/api/v1/offer/info", {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": key },
        body: JSON.stringify({ url }),
      }),
  };
}

export type OfficialClient = ReturnType<typeof createOfficialClient>;
