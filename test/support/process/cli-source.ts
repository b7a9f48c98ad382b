// The command line from its sources, where the built one has not been made.
import { main } from "../../../src/cli/main.ts";

await main();
