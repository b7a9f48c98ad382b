// The obvious server with the ORM: loads entities and serialises them as JSON, without checks and limits.
import { createServer } from "node:http";
import { ProcessedData } from "../../src/database/entities/index.ts";
import { createDatabase } from "../../src/database/index.ts";
import { announce } from "./announce.ts";

const [url = ""] = process.argv.slice(2);
const { orm } = await createDatabase({ url, poolSize: 8, use: "api" });

const server = createServer(async (request, response) => {
  try {
    const path = request.url ?? "";
    const em = orm.em.fork();
    const found = path.startsWith("/offers/")
      ? await em.findOne(ProcessedData, { innerId: path.slice(8) })
      : await em.find(
          ProcessedData,
          {
            activeStatus: 0,
            isIncomplete: false,
            kmAge: { $lte: Number(path.slice(path.indexOf("=") + 1)) },
          },
          { orderBy: { createdAt: "desc", id: "desc" }, limit: 21 },
        );
    const body = Buffer.from(JSON.stringify(found));
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
announce(server);
