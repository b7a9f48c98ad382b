/** Our tables beside your own, over your application's MikroORM. It does not need our entities. */

import { defineConfig, MikroORM } from "@mikro-orm/postgresql";
import { createDatabase, createTokens } from "che168-sync";
import { ApiToken } from "che168-sync/entities";

const orm = await MikroORM.init(
  defineConfig({
    clientUrl: process.env.DATABASE_URL ?? "postgres://localhost/app",
    entities: [],
    discovery: { warnWhenNoEntities: false },
  }),
);

const database = await createDatabase({ orm });
await createTokens({ database }).create({ description: "made beside my own tables" });
// An ORM with our entities, on your connections.
const count = await database.orm.em.fork().count(ApiToken, {});
await database.close();

console.log(
  `${count > 0 ? "Tokens" : "No tokens"}; my ORM is ${(await orm.isConnected()) ? "open" : "closed"}`,
);
await orm.close();
