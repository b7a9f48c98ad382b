import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { createApiHandler } from "../src/api/index.ts";
import { createDatabase } from "../src/database/index.ts";
import { createTokens } from "../src/tokens/index.ts";

/** The generated file. */
export const API_TYPES = fileURLToPath(new URL("../src/api-client/api-types.ts", import.meta.url));

/** The parameters of each path, for the proxy. */
export const PROXY_PARAMETERS = fileURLToPath(new URL("../src/api-proxy/parameters.ts", import.meta.url));

interface Described {
  readonly paths: Record<string, { get: { parameters: { name: string; in: string }[] } }>;
}

/** The query parameters of each path, from the OpenAPI description. */
export function renderProxyParameters(description: string): string {
  const { paths } = JSON.parse(description) as Described;
  const rows = Object.entries(paths).flatMap(([path, { get }]) => {
    const names = get.parameters.flatMap(({ name, in: where }) => (where === "query" ? [name] : []));
    return names.length === 0
      ? []
      : [`  ${JSON.stringify(path)}:\n    ${JSON.stringify(names.join(" "))}.split(" "),`];
  });
  return `// Generated from the OpenAPI description by \`npm run api-types\`.

/** Query parameters of each path. */
export const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
${rows.join("\n")}
};
`;
}

/** The options with which every path is described. */
export const EVERY_PATH = { images: true } as const;

/** Types of the API's responses, from its OpenAPI description. */
export async function renderApiTypes(description: string): Promise<string> {
  // Examples would be repeated as comments.
  const { components, ...rest } = JSON.parse(description);
  const schemas = Object.fromEntries(
    Object.entries<object>(components.schemas).map(([name, schema]) => [
      name,
      { ...schema, examples: undefined },
    ]),
  );
  const types = astToString(
    await openapiTS(JSON.stringify({ ...rest, components: { ...components, schemas } })),
  );
  // Editors and TypeDoc take this for the comment's text; only JSDoc knows the tag.
  const documented = types.replaceAll("@description ", "");
  return `// Generated from the OpenAPI description by \`npm run api-types\`.\n\n${documented}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const database = await createDatabase({ dataDir: "memory://" });
  const tokens = createTokens({ database });
  const [created] = await tokens.create();
  const handler = createApiHandler({ database, tokens, options: EVERY_PATH });
  const answer = await handler.request("/openapi.json", {
    headers: { authorization: `Bearer ${created?.token}` },
  });
  const description = await answer.text();
  await writeFile(API_TYPES, await renderApiTypes(description));
  await writeFile(PROXY_PARAMETERS, renderProxyParameters(description));
  await tokens.close();
  await database.close();
}
