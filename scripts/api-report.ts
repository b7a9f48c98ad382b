import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

// The public API as text, so that reviews see every change. Read from the built types, as users get them.

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const printer = ts.createPrinter({ removeComments: true });

/** Longer types are inferred; their members are printed instead. */
const MAX_TEXT_LENGTH = 6_000;

/** True for an entity: a class without members that extends an inferred one of the ORM. */
const isInferred = (declaration: ts.Node): boolean =>
  (ts.isClassDeclaration(declaration) && declaration.members.length === 0) ||
  declaration.getText().length > MAX_TEXT_LENGTH;

/** The compiler orders the members of inferred unions and types by when it met their names, which differs between builds. */
const sortUnions = (text: string): string =>
  text.replace(/"[\w-]+"(?: \| "[\w-]+")+/g, (union) => union.split(" | ").sort().join(" | "));

/** A declaration without comments and modifiers that do not matter to users. */
function textOf(checker: ts.TypeChecker, declaration: ts.Declaration): string {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const text = printer
    .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
    .replace(/^(export )?(declare )?/, "");
  if (!isInferred(declaration)) {
    return sortUnions(text);
  }
  const name = (declaration as ts.NamedDeclaration).name?.getText() ?? "";
  const type = checker.getTypeAtLocation(declaration);
  // Members named by a symbol belong to the ORM.
  const properties = type.getProperties().filter(({ name: property }) => !property.startsWith("__@"));
  const members = properties.map((property) => {
    const memberType = checker.typeToString(checker.getTypeOfSymbolAtLocation(property, declaration));
    return `    ${property.name}: ${sortUnions(memberType)};`;
  });
  return [`${ts.isClassDeclaration(declaration) ? "class" : "const"} ${name} {`, ...members.sort(), "}"].join(
    "\n",
  );
}

/** All symbols that a declaration refers to. */
function namedIn(checker: ts.TypeChecker, declaration: ts.Node): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node) => {
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    if (symbol !== undefined) {
      found.push(symbol);
    }
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

function reportEntry(program: ts.Program, entry: string, file: string): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) {
    throw new Error(`${file} is not a module; run \`npm run build\` first`);
  }
  const resolve = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  /** Top-level declarations of our files. */
  const declarationsOf = (symbol: ts.Symbol) =>
    (symbol.declarations ?? []).filter(
      (declaration) =>
        declaration.getSourceFile().fileName.startsWith(join(ROOT, "dist")) &&
        ts.isSourceFile(
          (ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration).parent,
        ),
    );

  const sections = new Map<ts.Symbol, { name: string; text: string }>();
  const add = (name: string, symbol: ts.Symbol) => {
    const declarations = declarationsOf(symbol);
    const text = declarations.map((declaration) => textOf(checker, declaration)).join("\n");
    sections.set(symbol, { name, text: text === "" ? `${name}: of another package` : text });
    return declarations;
  };
  const exported = checker
    .getExportsOfModule(module)
    .map((symbol) => [symbol.name, resolve(symbol)] as const);
  const queue = exported.flatMap(([name, symbol]) => add(name, symbol));
  const names = new Set(exported.map(([, symbol]) => symbol));
  for (let declaration = queue.shift(); declaration !== undefined; declaration = queue.shift()) {
    if (isInferred(declaration)) {
      continue;
    }
    for (const symbol of namedIn(checker, declaration).map(resolve)) {
      if (!sections.has(symbol) && declarationsOf(symbol).length > 0) {
        queue.push(...add(symbol.name, symbol));
      }
    }
  }

  const byName = (wanted: boolean) =>
    [...sections]
      .filter(([symbol]) => names.has(symbol) === wanted)
      .map(([, section]) => section)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ text }) => text)
      .join("\n\n");
  const inner = byName(false);
  const further = inner === "" ? "" : `\n## Named by it, not exported\n\n\`\`\`ts\n${inner}\n\`\`\`\n`;
  return `# ${entry}\n\nMade by \`npm run api-report\`.\n\n\`\`\`ts\n${byName(true)}\n\`\`\`\n${further}`;
}

/** The report of each entry, by the path of its file in the repository. */
export async function apiReports(): Promise<Map<string, string>> {
  const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const entries = Object.entries<{ types?: string }>(manifest.exports).flatMap(([key, { types }]) =>
    types === undefined ? [] : [{ entry: `che168-sync${key.slice(1)}`, file: join(ROOT, types) }],
  );
  const missing = entries.find(({ file }) => !existsSync(file));
  if (missing !== undefined) {
    throw new Error(`${missing.file} is missing; run \`npm run build\` first`);
  }
  const program = ts.createProgram({
    rootNames: entries.map(({ file }) => file),
    options: { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ESNext, strict: true, noEmit: true },
  });
  return new Map(
    entries.map(({ entry, file }) => [
      `etc/${entry.replace("/", "-")}.api.md`,
      reportEntry(program, entry, file),
    ]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await mkdir(join(ROOT, "etc"), { recursive: true });
  for (const [path, report] of await apiReports()) {
    await writeFile(join(ROOT, path), report);
  }
}
