import * as z from 'zod';

/** One field of a call, as its schema has it. */
export type SchemaField = {
  /** `messages[].content` for a field of an array's elements. */
  path: string;
  type: string;
  isRequired: boolean;
  /** As JSON; null where there is none. */
  default: string | null;
  bounds: readonly string[];
};

type Schema = z.core.$ZodType;

/** The fields of an object schema, those of nested objects and of arrays' elements after them. */
export const schemaFields = (schema: Schema, path = ''): SchemaField[] => {
  const object = unwrap(schema).inner;
  if (!(object instanceof z.ZodObject)) return [];
  return Object.entries(object.shape as Record<string, Schema>).flatMap(([name, field]) => {
    const fieldPath = path === '' ? name : `${path}.${name}`;
    const { inner, isNullable, isOptional, value } = unwrap(field);
    return [
      {
        path: fieldPath,
        type: `${typeName(inner)}${isNullable ? ' or null' : ''}`,
        isRequired: !isOptional,
        default: value === undefined ? null : JSON.stringify(value),
        bounds: boundsOf(inner),
      },
      ...nestedFields(inner, fieldPath),
    ];
  });
};

const nestedFields = (schema: Schema, path: string): SchemaField[] => {
  if (schema instanceof z.ZodArray) return schemaFields(schema.element as Schema, `${path}[]`);
  return schema instanceof z.ZodObject && isClosed(schema) ? schemaFields(schema, path) : [];
};

/** Metadata is open: its known fields are on the page of the concept, not repeated with each call. */
const isClosed = (schema: z.ZodObject): boolean => schema._zod.def.catchall?._zod.def.type === 'never';

const unwrap = (schema: Schema) => {
  let inner = schema;
  let isNullable = false;
  let isOptional = false;
  let value: unknown;
  for (;;) {
    if (inner instanceof z.ZodOptional) isOptional = true;
    else if (inner instanceof z.ZodNullable) isNullable = true;
    else if (inner instanceof z.ZodDefault) {
      isOptional = true;
      value = inner._zod.def.defaultValue;
    } else if (!(inner instanceof z.ZodPipe)) return { inner, isNullable, isOptional, value };
    const def = inner._zod.def as { innerType?: Schema; out?: Schema };
    inner = (def.innerType ?? def.out) as Schema;
  }
};

const typeName = (schema: Schema): string => {
  if (schema instanceof z.ZodArray) return `array of ${typeName(unwrap(schema.element as Schema).inner)}`;
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(' \\| ');
  if (schema instanceof z.ZodLiteral) return `\`${[...schema.values].join('` \\| `')}\``;
  const { type, format } = schema._zod.def as { type: string; format?: string };
  if (type === 'string') return { uuid: 'UUID', datetime: 'ISO 8601 time' }[format ?? ''] ?? 'string';
  if (type === 'int' || format === 'safeint') return 'integer';
  return { record: 'object', custom: 'object' }[type] ?? type;
};

/** What zod checks beside the type, in words. */
const boundsOf = (schema: Schema): string[] => {
  const { version, checks = [] } = schema._zod.def as { version?: string; checks?: z.core.$ZodCheck[] };
  const words = checks.flatMap((check) => boundOf(check) ?? []);
  return version === undefined ? words : [`version ${version.slice(1)}`, ...words];
};

const boundOf = (check: z.core.$ZodCheck): string | null => {
  const def = check._zod.def as z.core.$ZodCheckDef & {
    value?: number;
    minimum?: number;
    maximum?: number;
    error?: (issue: never) => unknown;
  };
  switch (def.check) {
    case 'greater_than':
      return `at least ${def.value}`;
    case 'less_than':
      return `at most ${def.value}`;
    case 'min_length':
      return `at least ${def.minimum}`;
    case 'max_length':
      return `at most ${def.maximum}`;
    case 'custom':
      return customBound(String(def.error?.({} as never) ?? ''));
    default:
      return null;
  }
};

/** The message of a check, in the words of a bound; null for the two checks that every string has. */
const customBound = (message: string): string | null => {
  if (/well-formed|NUL/.test(message)) return null;
  return message.replace(/^must not be /, 'not ').replace(/^must be /, '');
};
