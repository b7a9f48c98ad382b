import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ApiError, ApiUnavailableError } from "../../src/api-client/api-errors.ts";
import { Che168Error, ConfigError, isChe168Error, LockedError, UpstreamError } from "../../src/errors.ts";

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The members of `ErrorCode` with their comments. */
function codes(): { code: string; comment: string }[] {
  const text = textOf("src/errors.ts");
  const source = ts.createSourceFile("errors.ts", text, ts.ScriptTarget.Latest, true);
  const union = source.statements.find(
    (one) => ts.isTypeAliasDeclaration(one) && one.name.text === "ErrorCode",
  ) as ts.TypeAliasDeclaration;
  return (union.type as ts.UnionTypeNode).types.map((type) => {
    const before = text.slice(type.getFullStart(), type.getStart());
    // The first member's comment is before its `|`, outside of the node.
    const outside = text.slice(union.name.end, type.getStart());
    return { code: type.getText().slice(1, -1), comment: before.includes("/**") ? before : outside };
  });
}

describe("error codes", () => {
  test.each(codes())("$code is explained, in the types and in docs/library.md", ({ code, comment }) => {
    expect(comment).toMatch(/\/\*\* \S/);
    expect(textOf("docs/library.md")).toContain(`\`${code}\``);
  });
});

describe("an error of this package", () => {
  test.each([
    new Che168Error("USAGE", "so"),
    new ConfigError([{ key: "a", message: "b" }]),
    new LockedError("so"),
    new UpstreamError("UPSTREAM_TIMEOUT", "so", { retryable: true }),
    new ApiError("so"),
    new ApiUnavailableError("so", {}),
  ])("is recognised, has its class's name, and has no enumerable brand: $name", (error) => {
    expect(isChe168Error(error)).toBe(true);
    expect(error.name).toBe(error.constructor.name);
    expect(Reflect.ownKeys(error).filter((key) => Object.keys(error).includes(String(key)))).not.toContain(
      "che168-sync.error",
    );
  });

  test("is recognised even if another copy of the package created it", async () => {
    const copy: typeof import("../../src/errors.ts") = await import(`../../src/errors.ts?copy=${"another"}`);
    const error = new copy.Che168Error("LOCKED", "so");
    expect(error).not.toBeInstanceOf(Che168Error);
    expect(isChe168Error(error)).toBe(true);
  });

  test.each([
    Object.assign(new Error("so"), { code: "23505", details: "Key (id)=(1) already exists." }),
    new Error("so"),
    { code: "LOCKED", details: {}, message: "so" },
    runInNewContext("new Error('so')"),
    null,
    "LOCKED",
  ])("is not confused with a similar value: %s", (error) => {
    expect(isChe168Error(error)).toBe(false);
  });
});
