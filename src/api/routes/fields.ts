import { describeFields, type Language } from "../../listing/index.ts";
import { shortHash } from "../cache/hash.ts";
import type { Route } from "../http/pipeline.ts";
import { type EncodedBody, jsonBody, PRIVATE } from "../http/response.ts";
import { LANG, readParameters } from "../query/parameters.ts";

/** `GET /fields`: names, groups, units and order of the fields, in a language. */
export function fieldsRoute(): Route {
  const bodies = new Map<Language, { readonly entity: EncodedBody; readonly etag: string }>();
  const bodyIn = (language: Language) => {
    const text = JSON.stringify({ result: describeFields(language) });
    const body = bodies.get(language) ?? { entity: jsonBody(text), etag: shortHash(text) };
    bodies.set(language, body);
    return body;
  };
  return {
    path: "/fields",
    access: "token",
    scope: "read",
    operation: {
      id: "getFields",
      tag: "Listings",
      summary: "Every field, with its label, group, unit and order",
      details: "Enough to show a specification table. Labels are in English without `lang`.",
      parameters: LANG,
      response: { description: "Fields in order.", schema: { $ref: "#/components/schemas/Fields" } },
      tagged: true,
    },
    logged: () => "/fields",
    handle: ({ search }) => {
      const { lang = "en" } = readParameters(LANG, search.query);
      const { entity, etag } = bodyIn(lang);
      return { cacheControl: PRIVATE, etag, load: () => entity };
    },
  };
}
