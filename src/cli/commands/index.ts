import { type CommandDef, defineCommand } from "citty";

type AnyCommand = CommandDef<Record<string, never>>;

/** Loads a command's module when it is run or when help lists its description. */
const lazy =
  <M>(load: () => Promise<M>, name: keyof M = "default" as keyof M) =>
  async () =>
    (await load())[name] as AnyCommand;

const rejected = () => import("./rejected.ts");
const tokens = () => import("./tokens.ts");

/** All commands, in the order in which a new user needs them. */
export const rootCommand = defineCommand({
  meta: {
    name: "che168-sync",
    description: "Keeps a PostgreSQL copy of the che168.com used-car feed, normalises it, and serves it",
  },
  subCommands: {
    init: lazy(() => import("./init.ts")),
    migrate: lazy(() => import("./migrate.ts")),
    initial: lazy(() => import("./initial.ts")),
    reconcile: lazy(() => import("./reconcile.ts")),
    daily: lazy(() => import("./daily.ts")),
    normalize: lazy(() => import("./normalize.ts")),
    vocabulary: lazy(() => import("./vocabulary.ts")),
    serve: lazy(() => import("./serve.ts")),
    tokens: defineCommand({
      meta: { description: "Manage access tokens of the API" },
      subCommands: {
        create: lazy(tokens, "create"),
        list: lazy(tokens, "list"),
        revoke: lazy(tokens, "revoke"),
      },
    }),
    schedule: lazy(() => import("./schedule.ts")),
    status: lazy(() => import("./status.ts")),
    notify: lazy(() => import("./notify.ts")),
    rejected: defineCommand({
      meta: { description: "Show, retry and dismiss records that could not be stored" },
      subCommands: {
        list: lazy(rejected, "list"),
        retry: lazy(rejected, "retry"),
        dismiss: lazy(rejected, "dismiss"),
      },
    }),
    webhooks: lazy(() => import("./webhooks.ts")),
    config: lazy(() => import("./config.ts")),
    dump: lazy(() => import("./dump.ts")),
    restore: lazy(() => import("./restore.ts")),
    sandbox: lazy(() => import("./sandbox.ts")),
    demo: lazy(() => import("./demo.ts")),
  },
});
