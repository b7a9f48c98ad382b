import type { ConfigProblem } from "../errors.ts";
import { isTree, type Tree } from "./layers.ts";
import { configSchema } from "./schema.ts";
import { type Origin, RANK } from "./sources.ts";

/** Parts of a server's address that go with its host. */
const PARTS = ["host", "port", "user", "password", "name"] as const;
const MIN_SECRET_LENGTH = 32;

type Origins = ReadonlyMap<string, Origin>;

const section = (tree: Tree, name: string): Tree => {
  const value = tree[name];
  return isTree(value) ? value : {};
};

const labelOf = (key: string, origins: Origins): string => origins.get(key)?.label ?? key;
const rankOf = (key: string, origins: Origins): number => origins.get(key)?.rank ?? RANK.default;

/**
 * A URL and a host both say where the database is. When one of them comes from a source of higher rank, the other goes:
 * DATABASE_URL of the environment replaces `database.host` of the file as a whole.
 */
export function dropOutrankedAddress(tree: Tree, origins: Origins): void {
  const database = section(tree, "database");
  if (database.url === undefined) {
    return;
  }
  const urlRank = rankOf("database.url", origins);
  if (database.host !== undefined && rankOf("database.host", origins) > urlRank) {
    delete database.url;
  } else if (PARTS.every((part) => rankOf(`database.${part}`, origins) < urlRank)) {
    for (const part of PARTS) {
      delete database[part];
    }
  }
}

/** Rules between keys, read from the unchecked tree, so that they are told together with what the schema finds. */
export function relationProblems(tree: Tree, origins: Origins): ConfigProblem[] {
  return [
    ...databaseProblems(section(tree, "database"), origins),
    ...tokenProblems(section(tree, "tokens"), origins),
    ...pageSizeProblems(section(tree, "api"), origins),
  ];
}

function databaseProblems(database: Tree, origins: Origins): ConfigProblem[] {
  const given = PARTS.filter((part) => database[part] !== undefined).map((part) =>
    labelOf(`database.${part}`, origins),
  );
  const [first] = given;
  if (database.url !== undefined && first !== undefined) {
    return [
      {
        key: labelOf("database.url", origins),
        message: `and ${given.join(", ")} both say where the database is; keep the one or the other`,
      },
    ];
  }
  if (database.url !== undefined || database.host !== undefined) {
    return [];
  }
  const problems: ConfigProblem[] = [];
  if (first !== undefined) {
    problems.push({ key: "DB_HOST", message: `is missing; ${first} is set, but not on which server` });
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
  const needed = `at least ${MIN_SECRET_LENGTH} characters that nobody can guess, for example from: openssl rand -hex 32`;
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
