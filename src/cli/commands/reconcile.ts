import type { ReconcileProgress } from "../../reconciler/index.ts";
import { command, configArgs, jsonArgs } from "../args.ts";
import { openReconciler } from "../configured-jobs.ts";
import { exportArgs, exportOpener } from "../export-file.ts";
import { reportResult } from "../output.ts";
import { reconcileSummary } from "../summaries.ts";
import { tuneHeapForCatalogue } from "../v8-flags.ts";

/** Names of the phases in the progress. */
export const PHASES: Readonly<Record<ReconcileProgress["phase"], string>> = {
  read: "comparing",
  reread: "comparing again",
  confirm: "confirming",
};

export default command({
  description: "Compare the copy with the whole catalogue and make it equal; resumes where it stopped",
  args: {
    ...exportArgs,
    "dry-run": { type: "boolean", description: "Only count the differences; write nothing" },
    force: {
      type: "boolean",
      description:
        "End listings that are gone, however many (reconcile.maxEndedShare); take a file that lacks columns",
    },
    ...jsonArgs,
    ...configArgs,
  },
  run: async (args, context) => {
    tuneHeapForCatalogue(args["from-export"] === undefined ? "pages" : "file");
    const configured = await context.configure(args);
    await context.upstream();
    const exportFile = await exportOpener(args, context);
    const database = await context.database();
    const client = await context.client();
    const view = await context.progress();
    const reconciler = await openReconciler(context, configured, database, client);
    const result = await reconciler
      .run({
        exportFile,
        dryRun: args["dry-run"] === true,
        force: args.force === true,
        signal: context.signal,
        onRetry: view.retry,
        onProgress: ({ phase, ...event }) => view.report({ ...event, phase: PHASES[phase] }),
      })
      .finally(() => view.stop());
    const output = { stdout: context.stdout, logger: configured.logger, json: args.json };
    return reportResult(output, result, reconcileSummary(result));
  },
});
