import { Migration } from "@mikro-orm/migrations";

/** Columns added to `processed_data`: name and type. */
const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ["passable_from", "date"],
  ["passable_until", "date"],
  ["customs_power_kw", "numeric(6,2)"],
];

/** Further columns of listings, and the indexes over them. */
export class ListingColumns extends Migration {
  override up(): void {
    for (const [name, type] of COLUMNS) {
      this.addSql(`alter table processed_data add column ${name} ${type}`);
    }
  }

  override down(): void {
    for (const [name] of COLUMNS) {
      this.addSql(`alter table processed_data drop column ${name}`);
    }
  }
}
