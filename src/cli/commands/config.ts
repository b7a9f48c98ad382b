import { basename } from "node:path";
import type { Origin, ResolvedConfig } from "../../config/index.ts";
import { command, configArgs, jsonArgs } from "../args.ts";
import { print, printJson, table } from "../output.ts";

export default command({
  description: "Print the effective configuration with the origin of each value, secrets masked",
  args: { ...jsonArgs, ...configArgs },
  run: async (args, context) => {
    const { config, origins, path } = await context.configure(args);
    const { configKeys, masked, secretsOf } = await import("../../config/index.ts");
    const { createLineCleaner } = await import("../../logging/redact.ts");
    const clean = createLineCleaner(secretsOf(config));
    const settings = configKeys().keys.map((key) => ({
      key,
      value: masked(valueAt(config, key), key) ?? null,
      origin: originText(origins.get(key)),
    }));
    if (args.json) {
      await printJson(context.stdout, { file: path ?? null, settings });
      return "OK";
    }
    const rows = settings
      .filter(({ value }) => value !== null)
      .map(({ key, value, origin }) => [key, clean(JSON.stringify(value)), origin]);
    await print(
      context.stdout,
      `Configuration file  ${path ?? "none"}\n\n${table(["KEY", "VALUE", "ORIGIN"], rows)}`,
    );
    return "OK";
  },
});

const valueAt = (config: ResolvedConfig, key: string): unknown =>
  key
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], config);

/** `default`, `API_PORT`, `API_PORT in .env`, `che168.config.json` */
function originText(origin: Origin | undefined): string {
  if (origin === undefined) {
    return "default";
  }
  const { label, file } = origin;
  return file === undefined ? label : file === ".env" ? `${label} in .env` : basename(file);
}
