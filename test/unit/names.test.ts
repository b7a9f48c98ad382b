import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

/** Load the module of the same export on its first call. */
const LAZY = new Set(["lazy.ts", "upstream/lazy-client.ts", "dump/index.ts"]);
/** Exports are named after subcommands, such as `list`. */
const COMMANDS = /^cli\/commands\//;

/** Names that a file declares and exports. */
function declaredIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(SRC + file, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
      return [];
    }
    const declarations = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement as ts.DeclarationStatement];
    const names = declarations.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []));
    // A type may have the name of the value that it describes.
    return [...new Set(names)];
  });
}

test("an exported name stands for one thing", () => {
  const files = globSync("**/*.ts", { cwd: SRC }).map((file) => file.replaceAll("\\", "/"));
  const exported = files
    .filter((file) => !LAZY.has(file) && !COMMANDS.test(file))
    .flatMap((file) => declaredIn(file).map((name) => ({ name, file })));
  expect(exported.length).toBeGreaterThan(1_000);
  const twice = [...Map.groupBy(exported, ({ name }) => name)]
    .filter(([, declarations]) => new Set(declarations.map(({ file }) => file)).size > 1)
    .map(([name, declarations]) => `${name}: ${declarations.map(({ file }) => file).join(", ")}`);
  expect(twice).toEqual([]);
});
