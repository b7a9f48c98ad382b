// The command line from its sources, for tests that need no build.
import { main } from "../../../src/cli/main.ts";

await main();
