import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { createApiHandler } from "../src/api/index.ts";
import { createDatabase } from "../src/database/index.ts";
import { createTokens } from "../src/tokens/index.ts";

/** The generated file. */
export const API_TYPES = fileURLToPath(new URL("../src/api-client/api-types.ts", import.meta.url));

/** Types of the API's responses, from its OpenAPI description. */
export async function renderApiTypes(description: string): Promise<string> {
  const types = astToString(await openapiTS(description));
  // Editors and TypeDoc take this for the comment's text; only JSDoc knows the tag.
  const documented = types.replaceAll("@description ", "");
  return `// Generated from the OpenAPI description by \`npm run api-types\`.\n\n${documented}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const database = await createDatabase({ dataDir: "memory://" });
  const tokens = createTokens({ database });
  const [created] = await tokens.create();
  const answer = await createApiHandler({ database, tokens }).request("/openapi.json", {
    headers: { authorization: `Bearer ${created?.token}` },
  });
  await writeFile(API_TYPES, await renderApiTypes(await answer.text()));
  await tokens.close();
  await database.close();
}
