/** Reads the API from another program: a typed client, listings as an iterator, errors as classes. */
import { ApiUnauthorizedError, ApiUnavailableError, createApiClient } from "che168-sync/api-client";

const catalogue = createApiClient({
  baseUrl: process.env.API_URL ?? "http://127.0.0.1:8000",
  token: process.env.API_TOKEN ?? "",
  // Within the same process, no server is needed: fetch: createApiHandler(…).fetch
});

try {
  const { total, mark } = await catalogue.filters({ lang: "ru" });
  console.log(`${total} listings of ${mark.length} marks`);

  // Pages are requested as the loop reaches them.
  const query = { mark: mark.slice(0, 2).map(({ value }) => value), sort: "price", limit: 10 } as const;
  let shown = 0;
  for await (const { inner_id, title, price } of catalogue.offers(query)) {
    console.log(`${inner_id}: ${title ?? "no title"}, ${price} CNY`);
    shown += 1;
    if (shown === 25) {
      break;
    }
  }
} catch (error) {
  if (error instanceof ApiUnauthorizedError) {
    console.error("The token is wrong, expired or revoked.");
  } else if (error instanceof ApiUnavailableError) {
    console.error(`Unavailable; retry in ${Math.ceil((error.retryAfterMs ?? 60_000) / 1000)} seconds.`);
  } else {
    throw error;
  }
}
