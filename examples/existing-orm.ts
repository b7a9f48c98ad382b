/** The tables of che168-sync in your application's database, over its MikroORM instance, which needs none of our entities. */

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
// `database.orm` has our entities and uses your connections.
const count = await database.orm.em.fork().count(ApiToken, {});
await database.close();

console.log(
  `${count > 0 ? "Tokens" : "No tokens"}; my ORM is ${(await orm.isConnected()) ? "open" : "closed"}`,
);
await orm.close();
