import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A package that users install. */
export interface ProductionPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; empty when the package has none. */
  readonly licence: string;
  /** Whether npm runs an install script of it. */
  readonly hasInstallScript: boolean;
  /** The checksum that npm verifies; bundled packages are verified with the one that contains them. */
  readonly integrity: string | undefined;
  readonly isBundled: boolean;
}

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

const LOCK = fileURLToPath(new URL("../package-lock.json", import.meta.url));

/** All packages of the lock file except those for development only, by name. */
export function productionPackages(): ProductionPackage[] {
  const { packages } = JSON.parse(readFileSync(LOCK, "utf8")) as { packages: Record<string, LockedPackage> };
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== "" && dev !== true)
    .map(([path, { version = "", license = "", hasInstallScript = false, integrity, inBundle = false }]) => ({
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version,
      licence: license,
      hasInstallScript,
      integrity,
      isBundled: inBundle,
    }))
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
}
