import type { Tariff, TariffFile } from "./tables.ts";
import by2026 from "./tariffs/by-2026.json" with { type: "json" };
import kz2026 from "./tariffs/kz-2026.json" with { type: "json" };
import ru2026 from "./tariffs/ru-2026.json" with { type: "json" };
import ru2027 from "./tariffs/ru-2027.json" with { type: "json" };

/** The files of the package. A test validates them. */
export const SHIPPED_FILES = [ru2026, ru2027, by2026, kz2026] as unknown as readonly TariffFile[];

/** The tables of the package. */
export const SHIPPED_TARIFFS: readonly Tariff[] = SHIPPED_FILES.flatMap(({ tables }) => tables);
