import { allowed, type Caller, callers } from './callers.ts';
import { type Operation, operations } from './operations.ts';

// Who may do what. "own" is the caller's, "the owner's" that of one certain user; columns are collections.
const matrix = `
                           sessions    messages    shards   elsewhere
get own                    signed-in   signed-in   admin    -
get the owner's            owner       owner       admin    -
get missing                -           -           admin    -
get without user_id        -           -           admin    -
get user_id null           -           -           admin    -
get user_id number         -           -           admin    -
get user_id list           -           -           admin    -
get user_id map            -           -           admin    -
listen to own              signed-in   signed-in   admin    -
listen to the owner's      owner       owner       admin    -

list own                   signed-in   signed-in   admin    -
list own newest            signed-in   signed-in   admin    -
list own of a session      signed-in   signed-in   admin    -
list in own                signed-in   signed-in   admin    -
list the owner's           owner       owner       admin    -
list all of a session      -           -           admin    -
list in own and another's  -           -           admin    -
list all but own           -           -           admin    -
list all                   -           -           admin    -
group own                  -           -           -        -
group all                  -           -           -        -
count own                  signed-in   signed-in   admin    -
count all                  -           -           admin    -
listen to list of own      signed-in   signed-in   admin    -
listen to list of all      -           -           admin    -

create own                 -           -           -        -
create the owner's         -           -           -        -
update own                 -           -           -        -
update the owner's         -           -           -        -
update adding a field      -           -           -        -
update taking user_id      -           -           -        -
delete own                 -           -           -        -
delete the owner's         -           -           -        -
delete missing             -           -           -        -
`;

/** The collections that each column stands for. */
const collections: Readonly<Record<string, readonly string[]>> = {
  sessions: ['kb_sessions'],
  messages: ['kb_messages'],
  shards: ['kb_analytics/2026-03-01/shards'],
  // What the callables alone use, what nobody uses yet, and the neighbourhood of each path that the rules name.
  elsewhere: [
    'kb_tombstones',
    'unknown',
    'kb_analytics',
    'kb_analytics/2026-03-01/notes',
    'kb_analytics/2026-03-01/shards/0/parts',
    'kb_analytics/2026-03-01/hours/12/shards',
    'kb_sessions/one/shards',
    'kb_messages/one/notes',
    'unknown/one/kb_analytics/2026-03-01/shards',
  ],
};

/** An operation in one collection, as one caller. */
export interface Cell {
  readonly name: string;
  readonly operation: Operation;
  readonly column: string;
  readonly collection: string;
  readonly caller: Caller;
  readonly allow: boolean;
}

/** All collections of the matrix. */
export const allCollections = Object.values(collections).flat();

/** The matrix, spelled out. */
export const cells: readonly Cell[] = readCells();

function readCells(): Cell[] {
  const [head = [], ...lines] = matrix
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/ {2,}/));
  const found = lines.flatMap(([name = '', ...words]) =>
    words.flatMap((word, column) => cellsOf(name, head[column] ?? '', word)),
  );
  const left = Object.keys(operations).filter((name) => !found.some((cell) => cell.name === name));
  if (left.length > 0)
    throw new Error(`The matrix must have a row for each operation, and has none for ${left}`);
  return found;
}

function cellsOf(name: string, column: string, word: string): Cell[] {
  const operation = operations[name];
  const paths = collections[column];
  const allows = allowed[word];
  if (operation === undefined || paths === undefined || allows === undefined)
    throw new Error(`The matrix must be made of known words, found ${name} / ${column} / ${word}`);
  return paths.flatMap((collection) =>
    callers.map((caller) => ({ name, operation, column, collection, caller, allow: allows(caller) })),
  );
}
