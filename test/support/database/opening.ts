import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { inject, onTestFinished } from "vitest";
import { createDatabase, type DatabaseOptions } from "../../../src/database/index.ts";
import { onServer } from "./databases.ts";

/** The URL of a database on the shared server. */
export const urlOf = (name: string) => `${inject("postgresUrl")}${name}`;

/** An unused name of a database. */
export const newName = () => `open_${randomUUID().replaceAll("-", "").slice(0, 12)}`;

/** Creates an empty database, with the options of `create database`. */
export async function emptyDatabase(options = ""): Promise<string> {
  const name = newName();
  await onServer(`create database ${name} ${options}`);
  onTestFinished(() => onServer(`drop database if exists ${name} with (force)`));
  return name;
}

/** Runs statements on one connection, and returns the rows of the last. */
export async function run(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) {
      rows = (await client.query(statement)).rows;
    }
    return rows;
  } finally {
    await client.end();
  }
}

/** Opens a database until the end of the test. */
export async function open(options: DatabaseOptions) {
  const database = await createDatabase(options);
  onTestFinished(() => database.close());
  return database;
}
