// The reference: a bare server of node:http and pg with prepared statements, JSON text passed through and a token cache of
// five seconds. No rate limit, parameter checks, ETags or log.
import { createServer } from "node:http";
import pg from "pg";
import { API_SERVER_SETTINGS } from "../../src/database/index.ts";
import { announce } from "./announce.ts";
import { DETAIL_SQL, LIST_SQL, OWN_LIST_SQL } from "./statements.ts";

const [url = ""] = process.argv.slice(2);
const pool = new pg.Pool({
  connectionString: url,
  max: 8,
  options: ["-c TimeZone=UTC", ...API_SERVER_SETTINGS].join(" "),
});
const known = new Map<string, number>();

async function isValid(token: string | string[] | undefined): Promise<boolean> {
  if (typeof token !== "string") {
    return false;
  }
  const until = known.get(token);
  if (until !== undefined && until > performance.now()) {
    return true;
  }
  const { rowCount } = await pool.query({
    name: "token",
    text: "select id from api_tokens where token = $1",
    values: [token],
  });
  known.set(token, performance.now() + 5_000);
  return rowCount === 1;
}

const server = createServer(async (request, response) => {
  try {
    if (!(await isValid(request.headers["x-api-key"]))) {
      response.writeHead(401).end();
      return;
    }
    const path = request.url ?? "";
    let body: string;
    if (path.startsWith("/offers/")) {
      const { rows } = await pool.query({ name: "detail", text: DETAIL_SQL, values: [path.slice(8)] });
      body = rows[0].offer;
    } else {
      const most = Number(path.slice(path.indexOf("=") + 1));
      const [name, text] = path.startsWith("/own") ? ["own", OWN_LIST_SQL] : ["list", LIST_SQL];
      const { rows } = await pool.query({ name, text, values: [most, 21] });
      const items = rows.slice(0, 20).map(({ item }) => item);
      body = `{"result":[${items.join(",")}],"meta":{"page":1,"next_page":2,"limit":20,"next_cursor":"x"}}`;
    }
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
announce(server);
