import type { Migration } from "@mikro-orm/migrations";
import { migrations, type SchemaMigration } from "../../../migrations/index.ts";

/**
 * Adds a migration, as a later version of the package would; databases that are already open know it, too.
 * @returns a function that removes it
 */
export function addMigration(name: string, migration: new (...args: never[]) => Migration): () => void {
  const list = migrations as SchemaMigration[];
  const added = { name, class: migration as SchemaMigration["class"] };
  list.push(added);
  return () => {
    list.splice(list.indexOf(added), 1);
  };
}
