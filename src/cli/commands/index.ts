import { type CommandDef, defineCommand } from "citty";

type AnyCommand = CommandDef<Record<string, never>>;

/** A command is loaded when someone asks for it. */
const lazy = (load: () => Promise<{ default: unknown }>) => async () => (await load()).default as AnyCommand;

/** All commands, in the order in which one meets them. */
export const rootCommand = defineCommand({
  meta: {
    name: "che168-sync",
    description: "Keeps a PostgreSQL copy of the che168.com used-car feed, cleans it, and serves it",
  },
  subCommands: {
    init: lazy(() => import("./init.ts")),
    migrate: lazy(() => import("./migrate.ts")),
    initial: lazy(() => import("./initial.ts")),
    daily: lazy(() => import("./daily.ts")),
    normalize: lazy(() => import("./normalize.ts")),
    vocabulary: lazy(() => import("./vocabulary.ts")),
    serve: lazy(() => import("./serve.ts")),
    tokens: defineCommand({
      meta: { description: "Access tokens of the API" },
      subCommands: {
        create: lazy(() => import("./tokens-create.ts")),
        list: lazy(() => import("./tokens-list.ts")),
        revoke: lazy(() => import("./tokens-revoke.ts")),
      },
    }),
    schedule: lazy(() => import("./schedule.ts")),
    status: lazy(() => import("./status.ts")),
    dump: lazy(() => import("./dump.ts")),
    restore: lazy(() => import("./restore.ts")),
    sandbox: lazy(() => import("./sandbox.ts")),
    demo: lazy(() => import("./demo.ts")),
  },
});
