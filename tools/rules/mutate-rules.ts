import { readRules, type Span } from './read-rules.ts';

/** The rules with one protection weakened, taken out or turned round. */
export interface Mutant {
  /** What was changed, with its line. */
  readonly change: string;
  readonly source: string;
}

const methods = ['get', 'list', 'create', 'update', 'delete'];

/** Every mutant of a file of security rules, each with one change. */
export function mutateRules(source: string): Mutant[] {
  const { conditions, methods: named, leaves, inside } = readRules(source);
  const replace = ({ start, end }: Span, by: string): Mutant => ({
    change: `line ${lineOf(source, start)}: ${source.slice(start, end).replaceAll(/\s+/g, ' ')} -> ${by || 'nothing'}`,
    source: source.slice(0, start) + by + source.slice(end),
  });
  const insert = (at: number, what: string): Mutant => ({
    change: `line ${lineOf(source, at)}: plus ${what}`,
    source: source.slice(0, at) + what + source.slice(at),
  });
  const textOf = ({ start, end }: Span) => source.slice(start, end);

  return [
    ...conditions.flatMap((span) => changesOf(textOf(span)).map((by) => replace(span, by))),
    ...named.flatMap((span) => without(textOf(span).split(', ')).map((by) => replace(span, by))),
    ...leaves.flatMap(({ path, whole }) => [
      replace(whole, ''),
      ...pathsBeside(textOf(path)).map((by) => replace(path, by)),
    ]),
    ...methods.flatMap((method) => [
      ...leaves
        .filter(({ body }) => !new RegExp(`\\ballow[^:;]*\\b${method}\\b`).test(textOf(body)))
        .map(({ body }) => insert(body.start, grant(method))),
      insert(inside, ` match /{any=**} {${grant(method)} }`),
    ]),
  ];
}

// To one kind of caller alone, so that not just any cell notices.
function grant(method: string): string {
  return ` allow ${method}: if request.auth.token.agent == true;`;
}

function changesOf(condition: string): string[] {
  const orders = ['<=', '>='].map((order) => condition.replace('==', order));
  return ['true', 'false', `!(${condition})`, ...orders.filter((changed) => changed !== condition)];
}

function without(list: readonly string[]): string[] {
  return list.length === 1 ? [] : list.map((left) => list.filter((method) => method !== left).join(', '));
}

// Each name a wildcard, each wildcard one that reaches deeper, and the whole at any depth.
function pathsBeside(path: string): string[] {
  const segments = path.slice(1).split('/');
  const wider = segments.map((segment, index) =>
    segments.with(index, segment.startsWith('{') ? segment.replace('}', '=**}') : `{any${index}}`),
  );
  return [...wider, ['{any=**}', ...segments]].map((changed) => `/${changed.join('/')}`);
}

function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}
