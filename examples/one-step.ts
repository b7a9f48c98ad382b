/** One step alone: a page of the service, normalised, and no database anywhere. */
import { createClient } from "che168-sync/client";
import { normalizeListing } from "che168-sync/normalizer";

const client = createClient({
  apiKey: process.env.CHE168_API_KEY ?? "",
  accessName: process.env.CHE168_ACCESS_NAME ?? "",
  // Another address than that of the account, for example the sandbox's.
  baseUrl: process.env.CHE168_BASE_URL,
});
const { records } = await client.offersPage(1);
for (const { data } of records as { data: Record<string, unknown> }[]) {
  const { listing, issues } = normalizeListing(data);
  console.log(
    `${listing.mark} ${listing.model} ${listing.year}: ${listing.price} CNY, ${issues.length} issues`,
  );
}
await client.close();
