// `npm run bench -- NAME [flags]`: runs a benchmark; each one has --help.
import { readdir } from "node:fs/promises";

const names = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith(".ts") && file !== "index.ts")
  .map((file) => file.slice(0, -3));
const [name] = process.argv.splice(2, 1);
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- ${names.join("|")} [flags; see --help]\n`);
  process.exitCode = 2;
} else {
  await import(`./${name}.ts`);
}
