import { join } from 'node:path';
import ts from 'typescript-6';
import { projectRoot } from '../support/folders.ts';

/** The comments of a call's fields: by path from the input or output, `messages[].content` for a field of an array's elements. */
export type FieldComments = ReadonlyMap<string, string>;

/** The comments of all calls, read from the source of the contract by TypeScript. */
export type ContractComments = {
  call(name: string): string;
  fields(name: string, direction: 'input' | 'output'): FieldComments;
};

const SOURCE = join(projectRoot, 'packages/contract/src/calls.ts');
const MAX_DEPTH = 5;

export const readContractComments = (): ContractComments => {
  const program = ts.createProgram([SOURCE], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(SOURCE);
  const module = source && checker.getSymbolAtLocation(source);
  const contract = module && checker.getExportsOfModule(module).find(({ name }) => name === 'contract');
  if (!contract) throw new Error(`${SOURCE} must export contract`);
  const calls = checker.getTypeOfSymbol(contract);

  const property = (type: ts.Type, name: string): ts.Symbol => {
    const found = type.getProperty(name);
    if (!found) throw new Error(`a call of the contract must have ${name}`);
    return found;
  };
  const commentOf = (symbol: ts.Symbol): string =>
    ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, ' ');

  const collect = (type: ts.Type, path: string, depth: number, comments: Map<string, string>): void => {
    if (depth > MAX_DEPTH) return;
    for (const part of type.isUnion() ? type.types : [type]) {
      const element = checker.isArrayType(part)
        ? checker.getTypeArguments(part as ts.TypeReference)[0]
        : undefined;
      if (element) {
        collect(element, `${path}[]`, depth + 1, comments);
        continue;
      }
      if ((part.flags & ts.TypeFlags.Object) === 0) continue;
      for (const field of part.getProperties()) {
        const name = path === '' ? field.name : `${path}.${field.name}`;
        const comment = commentOf(field);
        if (comment !== '') comments.set(name, comment);
        collect(checker.getTypeOfSymbol(field), name, depth + 1, comments);
      }
    }
  };

  return {
    call: (name) => commentOf(property(calls, name)),
    fields: (name, direction) => {
      const schema = checker.getTypeOfSymbol(
        property(checker.getTypeOfSymbol(property(calls, name)), direction),
      );
      const zod = checker.getTypeOfSymbol(property(schema, '_zod'));
      const comments = new Map<string, string>();
      collect(checker.getTypeOfSymbol(property(zod, direction)), '', 0, comments);
      return comments;
    },
  };
};
