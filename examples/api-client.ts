/** Another program reads the API: a typed client, with the listings as an iterator and errors as classes. */
import { ApiUnauthorizedError, ApiUnavailableError, createApiClient } from "che168-sync/api-client";

const catalogue = createApiClient({
  baseUrl: process.env.API_URL ?? "http://127.0.0.1:8000",
  token: process.env.API_TOKEN ?? "",
  // An API in the same process needs no address that is listened at: fetch: createApiHandler(…).fetch
});

try {
  const { total, mark } = await catalogue.filters({ lang: "ru" });
  console.log(`${total} listings of ${mark.length} marks`);

  // Pages are asked for as they are needed.
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
    console.error(`Not now; in ${Math.ceil((error.retryAfterMs ?? 60_000) / 1000)} seconds perhaps.`);
  } else {
    throw error;
  }
}
