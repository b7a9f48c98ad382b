/** The API under /catalogue of an Express application. */
import type { AddressInfo } from "node:net";
import { createApiHandler, createDatabase, createTokens, toNodeHandler } from "che168-sync";
import express from "express";

const database = await createDatabase({ url: process.env.DATABASE_URL, use: "api" });
const catalogue = createApiHandler({ database, tokens: createTokens({ database }) });

const app = express();
app.get("/", (_request, response) => {
  response.send("my site");
});
app.use("/catalogue", toNodeHandler(catalogue));

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`Listening on http://localhost:${(server.address() as AddressInfo).port}/`);
});
