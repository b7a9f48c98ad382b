import type { ConfigProblem } from "../errors.ts";
import { duplicateProblems } from "../webhooks/endpoints.ts";
import { ADDRESS_PARTS, isTree, type Origin, type Tree } from "./layers.ts";
import { configSchema } from "./schema.ts";

const MIN_SECRET_LENGTH = 32;

type Origins = ReadonlyMap<string, Origin>;

const section = (tree: Tree, name: string): Tree => {
  const value = tree[name];
  return isTree(value) ? value : {};
};

const labelOf = (key: string, origins: Origins): string => origins.get(key)?.label ?? key;

/** Violated rules between keys. Reads the unchecked tree, so that they are reported together with schema errors. */
export function relationProblems(tree: Tree, origins: Origins): ConfigProblem[] {
  const { webhooks } = tree;
  return [
    ...databaseProblems(section(tree, "database"), origins),
    ...tokenProblems(section(tree, "tokens"), origins),
    ...pageSizeProblems(section(tree, "api"), origins),
    ...duplicateProblems(Array.isArray(webhooks) ? webhooks.map((one) => isTree(one) && one.url) : []),
  ];
}

function databaseProblems(database: Tree, origins: Origins): ConfigProblem[] {
  const given = ADDRESS_PARTS.filter((part) => database[part] !== undefined).map((part) =>
    labelOf(`database.${part}`, origins),
  );
  const [first] = given;
  if (database.url !== undefined && first !== undefined) {
    return [
      {
        key: labelOf("database.url", origins),
        message: `and ${given.join(", ")} both set the address of the database; keep one of them`,
      },
    ];
  }
  if (database.url !== undefined || database.host !== undefined) {
    return [];
  }
  const problems: ConfigProblem[] = [];
  if (first !== undefined) {
    problems.push({ key: "DB_HOST", message: `is missing; ${first} is set, but no server` });
  }
  if (Array.isArray(database.replicas) && database.replicas.length > 0) {
    problems.push({
      key: "database.replicas",
      message: "must be empty without DATABASE_URL or DB_HOST: the embedded database has no replicas",
    });
  }
  return problems;
}

function tokenProblems(tokens: Tree, origins: Origins): ConfigProblem[] {
  const { storage, secretKey } = tokens;
  const needed = `at least ${MIN_SECRET_LENGTH} random characters, for example from: openssl rand -hex 32`;
  if (storage !== "hashed") {
    return [];
  }
  if (secretKey === undefined) {
    return [{ key: "SECRET_KEY", message: `is missing; tokens.storage "hashed" needs it: ${needed}` }];
  }
  return typeof secretKey === "string" && secretKey.length < MIN_SECRET_LENGTH
    ? [{ key: labelOf("tokens.secretKey", origins), message: `must be ${needed}` }]
    : [];
}

function pageSizeProblems(api: Tree, origins: Origins): ConfigProblem[] {
  const { pageSize, maxPageSize } = { ...configSchema.assert({}).api, ...api };
  return typeof pageSize === "number" && typeof maxPageSize === "number" && pageSize > maxPageSize
    ? [
        {
          key: labelOf(origins.has("api.pageSize") ? "api.pageSize" : "api.maxPageSize", origins),
          message: `api.pageSize (${pageSize}) must not be above api.maxPageSize (${maxPageSize})`,
        },
      ]
    : [];
}
