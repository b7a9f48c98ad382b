import { command, wholeNumber } from "../args.ts";
import { print } from "../output.ts";
import { untilStopped } from "../signals.ts";

const PORT = 8168;

export default command({
  description: "Run a local upstream with realistic listings; needs neither account nor network",
  args: {
    port: {
      type: "string",
      valueHint: "port",
      description: `Port to listen on; 0 for any free port (${PORT})`,
    },
    host: { type: "string", valueHint: "host", description: "Address to listen on (127.0.0.1)" },
    offers: { type: "string", valueHint: "n", description: "Number of listings in the catalogue (740)" },
    "changes-per-day": { type: "string", valueHint: "n", description: "Changes per day in the feed (60)" },
    seed: { type: "string", valueHint: "n", description: "Seed of the generated listings (1)" },
    "api-key": { type: "string", valueHint: "key", description: "The only accepted key (any)" },
  },
  run: async (args, { signal, stdout, onClose }) => {
    const port = wholeNumber(args.port, "--port", { min: 0, max: 65_535 }) ?? PORT;
    const offers = wholeNumber(args.offers, "--offers", { min: 0 });
    const changesPerDay = wholeNumber(args["changes-per-day"], "--changes-per-day", { min: 0 });
    const seed = wholeNumber(args.seed, "--seed", { min: 0, max: 4_294_967_295 });
    const apiKey = args["api-key"];
    const { startSandbox } = await import("../../sandbox/index.ts");
    const sandbox = await startSandbox({
      port,
      host: args.host,
      offers,
      changesPerDay,
      seed,
      live: true,
      defects: true,
      apiKey,
    });
    onClose(() => sandbox.close());
    await print(
      stdout,
      `The sandbox listens at ${sandbox.baseUrl}

In another terminal:
  export CHE168_BASE_URL=${sandbox.baseUrl} CHE168_API_KEY=${apiKey ?? "sandbox"}
  che168-sync initial

The daily files are at ${sandbox.exportUrl}/{YYYY-MM-DD}/all_active.csv (user and password: sandbox).
It plays the central bank at ${sandbox.ratesUrl} (customs.ratesUrl).

Press Ctrl+C to stop it.`,
    );
    await untilStopped(signal);
    return "OK";
  },
});
