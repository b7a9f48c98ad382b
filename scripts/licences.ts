// `npm run licences`: name, version and licence of every package that users install with this one, from the lock file.
import { productionPackages } from "./production.ts";

for (const { name, version, licence } of productionPackages()) {
  process.stdout.write(`${licence}\t${name}@${version}\n`);
}
