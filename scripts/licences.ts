// `npm run licences`: every package that users get with this one, its version and its licence, from the lock file.
import { productionPackages } from "./production.ts";

for (const { name, version, licence } of productionPackages()) {
  process.stdout.write(`${licence}\t${name}@${version}\n`);
}
