/** A single step: fetch and normalise a page, without a database. */
import { createClient } from "che168-sync/client";
import { normalizeListing } from "che168-sync/normalizer";

const client = createClient({
  apiKey: process.env.CHE168_API_KEY ?? "",
  accessName: process.env.CHE168_ACCESS_NAME ?? "",
  // Overrides the account's address, for example with the sandbox.
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
