import { type CallName, contract } from 'kb-sessions-contract';
import { handlers } from '../../functions/src/callables/handlers.ts';
import { CALL_ERRORS } from './call-errors.ts';
import { type FieldComments, readContractComments } from './field-comments.ts';
import { type SchemaField, schemaFields } from './schema-fields.ts';

/** docs/calls.md: every call with its fields and bounds, from the contract's schemas and their comments. */
export const callsPage = (): string => {
  const comments = readContractComments();
  const names = Object.keys(contract) as CallName[];
  const sections = names.map((name) =>
    [
      `## ${name}`,
      comments.call(name),
      accessOf(name),
      '**Input**',
      fieldTable(schemaFields(contract[name].input), comments.fields(name, 'input'), 'input'),
      '**Output**',
      fieldTable(schemaFields(contract[name].output), comments.fields(name, 'output'), 'output'),
      errorsOf(name),
    ].filter((part) => part !== ''),
  );
  return [
    '# Calls',
    'The server parses every input strictly: an unknown field, a wrong type or a value out of bounds is ' +
      '`invalid-argument`, and nothing is written. Fields are named in `snake_case`. Times are ISO 8601 strings in UTC. ' +
      '`messages[].content` is the field `content` of each element of `messages`. [calls-guide.md](calls-guide.md) shows ' +
      'the calls in use, [costs.md](costs.md) lists their costs, and [errors.md](errors.md) explains the errors.',
    'Every call can fail with `unauthenticated`, `invalid-argument`, `resource-exhausted` (`rate`), `unavailable` and ' +
      '`internal`.',
    names.map((name) => `[${name}](#${name.toLowerCase()})`).join(' · '),
    ...sections.flat(),
  ].join('\n\n');
};

const accessOf = (name: CallName): string => {
  const { access, deployment, sensitive } = handlers[name];
  const path = deployment === 'single' ? name : `sessions/${name}`;
  const caller = access === 'admin' ? 'Admins only' : 'Any signed-in user';
  const fresh = sensitive ? ' A revoked token is refused.' : '';
  return `Callable \`${path}\`. ${caller}.${fresh}`;
};

const errorsOf = (name: CallName): string => {
  const own = Object.entries(CALL_ERRORS[name]).map(([code, reasons]) => {
    const listed = reasons.map((reason) => `\`${reason}\``).join(', ');
    return listed === '' ? `\`${code}\`` : `\`${code}\` (${listed})`;
  });
  return own.length === 0 ? '' : `**Errors** of its own: ${own.join(', ')}.`;
};

const fieldTable = (
  fields: readonly SchemaField[],
  comments: FieldComments,
  direction: 'input' | 'output',
): string => {
  if (fields.length === 0) return direction === 'input' ? 'An empty object.' : 'See the comment above.';
  const rows = fields.map(({ path, type, isRequired, default: value, bounds }) => {
    const presence =
      direction === 'output'
        ? isRequired
          ? ''
          : 'with `full` only'
        : isRequired
          ? 'required'
          : value === null
            ? 'optional'
            : `optional, default \`${value}\``;
    const cells = [`\`${path}\``, type, presence, bounds.join(', '), comments.get(path) ?? ''];
    return `| ${(direction === 'output' ? cells.toSpliced(2, 1) : cells).join(' | ')} |`;
  });
  const heading =
    direction === 'input'
      ? ['field', 'type', 'presence', 'bounds', 'meaning']
      : ['field', 'type', 'bounds', 'meaning'];
  return [`| ${heading.join(' | ')} |`, `|${' --- |'.repeat(heading.length)}`, ...rows].join('\n');
};
