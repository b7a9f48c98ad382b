import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const SOURCES = fileURLToPath(new URL("../../../src", import.meta.url));

const parsed = (file: string) =>
  ts.createSourceFile(file, readFileSync(join(SOURCES, file), "utf8"), ts.ScriptTarget.Latest, true);

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** The possible texts of an expression, with … for interpolated values; both branches of `a ? b : c`. */
function textsOf(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) {
    return [node.text];
  }
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("")];
  }
  if (ts.isConditionalExpression(node)) {
    return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  }
  if (ts.isCallExpression(node)) {
    // The arguments of a call may be texts, and so may the object of a method: `"…".trim()`.
    const called = ts.isPropertyAccessExpression(node.expression) ? textsOf(node.expression.expression) : [];
    return [...called, ...node.arguments.flatMap(textsOf)];
  }
  return [];
}

/** The literals of a union type, by the name of the type or of the property that uses it. */
export function unionIn(file: string, owner: string, property?: string): string[] {
  const found: string[] = [];
  const take = (type: ts.TypeNode | undefined) =>
    visit(type as ts.Node, (node) => {
      if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
        found.push(node.literal.text);
      }
    });
  visit(parsed(file), (node) => {
    if (ts.isTypeAliasDeclaration(node) && node.name.text === owner) {
      take(node.type);
    }
    if (ts.isInterfaceDeclaration(node) && node.name.text === owner) {
      for (const member of node.members) {
        if (ts.isPropertySignature(member) && member.name.getText() === property) {
          take(member.type);
        }
      }
    }
  });
  return found;
}

/** The attention items of `status`. */
export function attentionTexts(): string[] {
  const found: string[] = [];
  visit(parsed("operations/status/attention.ts"), (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === "add") {
      found.push(...textsOf(node.arguments[2] as ts.Node));
    }
  });
  return found;
}

/** The reasons of `status --check`. */
export function checkTexts(): string[] {
  const found: string[] = [];
  for (const file of ["health.ts", "trends.ts"]) {
    visit(parsed(`operations/status/${file}`), (node) => {
      if (ts.isPropertyAssignment(node) && node.name.getText() === "message") {
        found.push(...textsOf(node.initializer));
      }
    });
  }
  return found;
}

/** The warnings and errors that the program logs, if their text is at the call. */
export function loggedTexts(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const found = new Set<string>();
  // The sandbox is for tests and the demo.
  for (const file of files.filter((name) => name.endsWith(".ts") && !name.startsWith("sandbox/"))) {
    if (!/\.(?:warn|error)\(/.test(readFileSync(join(SOURCES, file), "utf8"))) {
      continue;
    }
    visit(parsed(file), (node) => {
      const isLogged =
        ts.isCallExpression(node) && /\blog(?:ger)?\??\.(?:warn|error)$/.test(node.expression.getText());
      for (const text of isLogged ? node.arguments.flatMap(textsOf) : []) {
        found.add(text);
      }
    });
  }
  return [...found];
}
