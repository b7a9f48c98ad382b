import { BaseResolver, createConfig, lintDocument, makeDocumentFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ESTIMATE } from "../../../src/api/customs/parameters.ts";
import { LANG, offersParameters } from "../../../src/api/query/parameters.ts";
import { CARD_COLUMNS } from "../../../src/api/schema/schemas.ts";
import type { Database } from "../../../src/database/index.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { normalizeListing } from "../../../src/listing/index.ts";
import { openApi } from "../../support/api/api.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";

describe("openapi.json", () => {
  let database: Database;
  // biome-ignore lint/suspicious/noExplicitAny: an untyped document
  let document: any;
  beforeAll(async () => {
    database = await createDatabase({ url: (await freshServerDatabase()).url });
    const api = await openApi(database, { maxPageSize: 50 });
    document = (await api.ask("/openapi.json")).body;
  });
  afterAll(() => database.close());

  test("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(document.openapi).toBe("3.1.0");
  });

  test("passes the linter of Redocly with its recommended rules", async () => {
    const problems = await lintDocument({
      document: makeDocumentFromString(JSON.stringify(document), "openapi.json"),
      config: (await createConfig({ extends: ["recommended"] })).styleguide,
      externalRefResolver: new BaseResolver(),
    });
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  test("has a valid example for every schema and every error", () => {
    const ajv = new Ajv2020({
      strict: false,
      formats: { "date-time": true, date: true, uri: true, "uri-reference": true },
    });
    ajv.addSchema(document, "api");
    const errorsOf = (schema: string, example: unknown) => {
      const validate = ajv.compile({ $ref: `api#/components/schemas/${schema}` });
      return validate(example) ? [] : validate.errors;
    };
    for (const [name, { examples }] of Object.entries<{ examples?: unknown[] }>(
      document.components.schemas,
    )) {
      expect(examples, `${name} has no example: npm run api-examples`).toHaveLength(1);
      expect(errorsOf(name, examples?.[0]), name).toEqual([]);
    }
    const errors = Object.entries<{ content: Record<string, { example: { status: number } }> }>(
      document.components.responses,
    );
    for (const [name, { content }] of errors) {
      const example = content["application/problem+json"]?.example;
      expect(errorsOf("Problem", example), name).toEqual([]);
      expect(example?.status, name).toBeGreaterThanOrEqual(400);
    }
  });

  test("has every path", () => {
    expect(Object.keys(document.paths).sort()).toEqual(
      [
        "/changes",
        "/export",
        "/fields",
        "/filters",
        "/health",
        "/market",
        "/metrics",
        "/offers",
        "/offers/{inner_id}",
        "/offers/{inner_id}/customs",
        "/openapi.json",
        "/stats",
        "/stats/daily",
        "/suggest",
      ].sort(),
    );
  });

  test("has every parameter with its bounds", () => {
    const described = document.paths["/offers"].get.parameters;
    expect(described.map(({ name }: { name: string }) => name)).toEqual(Object.keys(offersParameters(50)));
    const schemaOf = (name: string) => described.find((one: { name: string }) => one.name === name).schema;
    expect(schemaOf("limit")).toMatchObject({ type: "integer", minimum: 1, maximum: 50 });
    expect(schemaOf("mark")).toMatchObject({ type: "array", items: { type: "string", maxLength: 100 } });
    expect(schemaOf("sort").enum).toHaveLength(9);
    expect(schemaOf("price_from")).toMatchObject({ type: "integer", minimum: 0 });
    const ofOne = document.paths["/offers/{inner_id}"].get.parameters.map(
      ({ name }: { name: string }) => name,
    );
    expect(ofOne).toEqual(["inner_id", ...Object.keys({ ...ESTIMATE, ...LANG })]);
  });

  test("has every field of the cards", () => {
    const { properties } = document.components.schemas.OfferCard;
    expect(Object.keys(properties)).toEqual([...CARD_COLUMNS.map(({ name }) => name), "estimate", "labels"]);
  });

  test("has every field of the normalizer", () => {
    const { properties, patternProperties } = document.components.schemas.Offer;
    const { listing } = normalizeListing({});
    const patterns = Object.keys(patternProperties).map((pattern) => new RegExp(pattern));
    const missing = Object.keys(listing).filter(
      (field) => !(field in properties) && !patterns.some((pattern) => pattern.test(field)),
    );
    expect(missing).toEqual([]);
  });
});
