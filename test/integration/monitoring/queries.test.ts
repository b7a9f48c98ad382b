import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { createDatabase } from "../../../src/database/index.ts";
import { openApi } from "../../support/api/api.ts";
import { scraped } from "../../support/api/exposition.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";

const read = (name: string) => readFileSync(new URL(`../../../monitoring/${name}`, import.meta.url), "utf8");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}
const rules = (
  parse(read("alerts.yml")) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules);

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const { panels } = JSON.parse(read("grafana-dashboard.json")) as { readonly panels: readonly Panel[] };

/** Queries as Prometheus receives them. */
const queries: (readonly [name: string, expr: string])[] = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => [title, expr.replaceAll("$__rate_interval", "5m")] as const),
  ),
];

interface Selector {
  readonly metric: string;
  /** Labels with the values that they are compared with. */
  readonly matchers: readonly (readonly [label: string, operator: string, value: string])[];
}

/** The parts of a query; throws when it is not PromQL. */
function partsOf(query: string): {
  readonly selectors: readonly Selector[];
  readonly groupings: readonly string[];
} {
  const selectors: { metric: string; matchers: [string, string, string][] }[] = [];
  const groupings: string[] = [];
  const textOf = (node: { readonly from: number; readonly to: number }) => query.slice(node.from, node.to);
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError) {
        throw new Error(`Not PromQL at ${node.from}: ${query}`);
      }
      if (node.name === "VectorSelector") {
        selectors.push({ metric: textOf(node).replace(/\{.*$/s, ""), matchers: [] });
      }
      if (node.name === "UnquotedLabelMatcher") {
        const [, label = "", operator = "", value = ""] =
          /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(textOf(node)) ?? [];
        selectors.at(-1)?.matchers.push([label, operator, value]);
      }
      if (node.name === "GroupingLabels") {
        groupings.push(
          ...textOf(node)
            .replace(/[()\s]/g, "")
            .split(","),
        );
      }
    },
  });
  return { selectors, groupings };
}

let samples: ReturnType<typeof scraped>;

beforeAll(async () => {
  const database = await createDatabase({ url: (await freshServerDatabase()).url });
  await database.query(
    `insert into sync_state (id, last_change_id, last_successful_date, newest_change_at) values (1, 10, now(), now())`,
  );
  await database.query(
    `insert into daily_stats (day, added, active, filled) values (now(), 5, 100, '{"price": 0.98}')`,
  );
  await database.query(
    `insert into operations_log (operation_type, status, duration, details) values ('data_fetch', 'OK', 7, '{"command": "daily"}')`,
  );
  const api = await openApi(database);
  await api.ask("/offers");
  samples = scraped((await api.ask("/metrics")).text);
  return () => database.close();
});

/** Replicas are configured on few machines. */
const ONLY_WITH_REPLICAS = /^che168_replica_/;

test.each(queries)("%s is PromQL over metrics and labels that /metrics has", (_, query) => {
  const { selectors, groupings } = partsOf(query);
  expect(selectors.length).toBeGreaterThan(0);
  for (const { metric, matchers } of selectors.filter((one) => !ONLY_WITH_REPLICAS.test(one.metric))) {
    const found = samples.filter(({ name }) => name === metric);
    expect(found.length, metric).toBeGreaterThan(0);
    const has = (label: string) => label === "instance" || found.some(({ labels }) => label in labels);
    expect(
      groupings.filter((label) => !has(label)),
      `labels of ${metric}`,
    ).toEqual([]);
    for (const [label, operator, value] of matchers.filter(([name]) => name !== "instance")) {
      expect(has(label), `${metric}{${label}}`).toBe(true);
      // Each alternative exists; a status class such as 5.. may not have occurred.
      for (const one of ["=", "=~"].includes(operator) && !value.includes(".") ? value.split("|") : []) {
        expect(
          found.some(({ labels }) => labels[label] === one),
          `${metric}{${label}="${one}"}`,
        ).toBe(true);
      }
    }
  }
});

test("a wrong query is found", () => {
  expect(() => partsOf("sum(rate(che168_rows[5m])")).toThrow("Not PromQL");
});

test("each alert states the fault and the remedy", () => {
  for (const { alert, annotations } of rules) {
    expect(annotations.summary, alert).toMatch(/\S/);
    expect(annotations.description, alert).toMatch(/\.$/);
  }
});

test("legends name labels of their query", () => {
  for (const { targets } of panels) {
    for (const { expr, legendFormat } of targets) {
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      expect(
        named.filter(
          (label) => !partsOf(expr.replaceAll("$__rate_interval", "5m")).groupings.includes(label ?? ""),
        ),
      ).toEqual([]);
    }
  }
});
