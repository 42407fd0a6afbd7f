import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript-6';
import { projectRoot } from '../../support/folders.ts';

/** The folders whose files the folder `test` beside them mirrors. */
const sourceFolders = '{packages/*,functions,web}/src';

/** A source file and the paths, from the root of the project, of the tests at its mirrored path. */
export interface SourceFile {
  readonly path: string;
  readonly tests: readonly string[];
}

/** Lists all source files with their tests: `x.test.ts`, `x.<kind>.test.ts` and `x-<subject>.test.ts` for `x.ts`. */
export function listSourceFiles(): SourceFile[] {
  const paths = globSync(`${sourceFolders}/**/*.ts`, { cwd: projectRoot }).sort();
  return paths.map((path) => ({ path, tests: testsOf(path) }));
}

function testsOf(path: string): string[] {
  const folder = dirname(path).replace(/\/src(?=\/|$)/, '/test');
  const name = basename(path, '.ts');
  return globSync(`${folder}/${name}{.,-}*test.ts`, { cwd: projectRoot });
}

/** Parses a file of the project. */
export function parseSource(path: string): ts.SourceFile {
  const text = readFileSync(join(projectRoot, path), 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** Whether a file has only types and exports of other files: there is no code to test. */
export function hasNoCode(file: ts.SourceFile): boolean {
  return file.statements.every(
    (statement) =>
      ts.isTypeAliasDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement),
  );
}

/** Lists the exported functions of a file with their declared result types; null where a function declares none. */
export function exportedFunctions(file: ts.SourceFile): { name: string; type: string | null }[] {
  return file.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement) ?? [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isFunctionDeclaration(statement) && statement.name)
      return [{ name: statement.name.text, type: statement.type?.getText() ?? null }];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer && ts.isArrowFunction(initializer)
        ? [{ name: name.getText(), type: initializer.type?.getText() ?? null }]
        : [],
    );
  });
}
