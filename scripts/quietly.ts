// `node scripts/quietly.ts COMMAND…`: runs a command, and shows its output only if it fails.
import { spawnSync } from "node:child_process";

const [command = "", ...args] = process.argv.slice(2);
// npm is a batch file on Windows, which only a shell runs.
const { status, output, error } = spawnSync(command, args, { shell: process.platform === "win32" });
if (status !== 0) {
  const text = output?.filter((part) => part !== null).map(String) ?? [];
  process.stderr.write(
    `${text.join("")}${command} ${args.join(" ")} failed: ${error?.message ?? `exit code ${status}`}\n`,
  );
  process.exitCode = status ?? 1;
}
