import ts from 'typescript-6';

/** Prints types as TypeScript without the schemas that they were inferred from, with the comments of their fields. */
export type TypePrinter = {
  /** Prints `type`; an object that equals a named one is printed as that name. */
  print(type: ts.Type): string;
  /** Prints the structure of `type`, and prints every equal object as `name` from then on. */
  define(name: string, type: ts.Type): string;
};

const RECURSIVE_ALIAS = 'Json';

export const createTypePrinter = (checker: ts.TypeChecker): TypePrinter => {
  const named = new Map<string, string>();

  const print = (type: ts.Type): string => {
    // Before unions: it refers to itself.
    if (type.aliasSymbol?.name === RECURSIVE_ALIAS) return RECURSIVE_ALIAS;
    // Before unions: it is one, of true and false.
    if (type.flags & ts.TypeFlags.Boolean) return 'boolean';
    if (type.isUnion()) return printUnion(type);
    const element = checker.isArrayType(type)
      ? checker.getTypeArguments(type as ts.TypeReference)[0]
      : undefined;
    if (element) return printArray(print(element));
    if (type.flags & ts.TypeFlags.Object) {
      const structure = printObject(type);
      return named.get(structure) ?? structure;
    }
    return checker.typeToString(type);
  };

  const printUnion = (union: ts.UnionType): string => {
    // With exactOptionalPropertyTypes an optional field has a type of its own for "missing", which prints like undefined.
    const undefinedType = checker.getUndefinedType();
    const isMissing = (part: ts.Type) =>
      Boolean(part.flags & ts.TypeFlags.Undefined) && part !== undefinedType;
    const parts = union.types.filter((part) => !isMissing(part)).map(print);
    const absent = ['null', 'undefined'].filter((part) => parts.includes(part));
    const present = parts.filter((part) => !absent.includes(part) && part !== 'true' && part !== 'false');
    if (parts.includes('true') && parts.includes('false')) present.unshift('boolean');
    const text = present.join(' | ');
    return [named.get(text) ?? text, ...absent].join(' | ');
  };

  const printObject = (type: ts.Type): string => {
    const fields = type.getProperties().map(printField);
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const signature = index && `{ [key: string]: ${print(index.type)} }`;
    if (fields.length === 0) return signature ?? 'Record<string, never>';
    const object = `{\n${fields.join('\n')}\n}`;
    // In one object type every field would have to be of the type that the index signature has.
    return signature === undefined ? object : `${object} & ${signature}`;
  };

  const printField = (field: ts.Symbol): string => {
    const isOptional = (field.flags & ts.SymbolFlags.Optional) !== 0;
    const comment = ts
      .displayPartsToString(field.getDocumentationComment(checker))
      .replaceAll(/\s*\n\s*/g, ' ');
    const name = `${field.name}${isOptional ? '?' : ''}`;
    return `${comment === '' ? '' : `/** ${comment} */\n`}${name}: ${print(checker.getTypeOfSymbol(field))};`;
  };

  return {
    print,
    define: (name, type) => {
      const structure = type.isUnion() ? printUnion(type) : printObject(type);
      named.set(structure, name);
      return structure;
    },
  };
};

const printArray = (element: string): string => (/[|&]/.test(element) ? `(${element})[]` : `${element}[]`);
