import { parseSync, Visitor } from 'oxc-parser';

/** One import, re-export or dynamic import of a file. */
export interface Import {
  readonly specifier: string;
  /** Whether nothing of it is left when types are stripped: `import { type A }` leaves an import, `import type` does not. */
  readonly typeOnly: boolean;
}

/** Reads what a TypeScript file imports. Throws when it does not parse. */
export function readImports(file: string, source: string): Import[] {
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file} does not parse: ${error.message}`);

  const imports: Import[] = [];
  new Visitor({
    ImportDeclaration({ source, importKind }) {
      imports.push({ specifier: source.value, typeOnly: importKind === 'type' });
    },
    ExportAllDeclaration({ source, exportKind }) {
      imports.push({ specifier: source.value, typeOnly: exportKind === 'type' });
    },
    ExportNamedDeclaration({ source, exportKind }) {
      if (source !== null) imports.push({ specifier: source.value, typeOnly: exportKind === 'type' });
    },
    ImportExpression({ source }) {
      if (source.type === 'Literal' && typeof source.value === 'string') {
        imports.push({ specifier: source.value, typeOnly: false });
      }
    },
    TSImportType({ source }) {
      imports.push({ specifier: source.value, typeOnly: true });
    },
  }).visit(program);
  return imports;
}
