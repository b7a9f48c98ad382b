/** A route handler of Next.js: save it as `app/catalogue/[...path]/route.ts`. */
import { createApiHandler, createDatabase, createTokens } from "che168-sync";

async function open() {
  const database = await createDatabase({ url: process.env.DATABASE_URL, use: "api" });
  return createApiHandler({ database, tokens: createTokens({ database }) });
}

// Opened by the first request, not during the build of Next.js.
let opened: ReturnType<typeof open> | undefined;

export async function GET(request: Request): Promise<Response> {
  opened ??= open();
  const url = new URL(request.url);
  url.pathname = url.pathname.slice("/catalogue".length);
  return (await opened).fetch(new Request(url, request));
}

export { GET as HEAD, GET as OPTIONS };
