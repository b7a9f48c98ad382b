// The command line from its sources, without a build: `node scripts/cli.ts status`.
import { main } from "../src/cli/main.ts";

await main();
