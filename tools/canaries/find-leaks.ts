/** Something in a log that must not be in one. */
export interface Leak {
  /** The line it is in, from 1. */
  readonly line: number;
  readonly what: string;
  /** Its beginning: a report is a log, too. */
  readonly beginning: string;
}

const uuid = '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}';

const kinds: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['canary', /canary/gi],
  ['token', /\beyJ[\w-]{8,}/g],
  ['e-mail address', /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi],
  // Of a session or a message. Names of the databases and projects of tests are uuids with something before them.
  ['raw id', new RegExp(`(?<!(?:test|demo|rules)-)\\b${uuid}\\b`, 'gi')],
  ['raw uid', /(?<![\w-])(?=[A-Za-z]*\d)(?=[a-z\d]*[A-Z])(?=[A-Z\d]*[a-z])[A-Za-z\d]{28}(?![\w-])/g],
];

/** Finds, line by line, what tells who somebody is, what was said, or which session it was. */
export function findLeaks(text: string): Leak[] {
  return text.split('\n').flatMap((content, index) =>
    kinds.flatMap(([what, pattern]) =>
      [...content.matchAll(pattern)].map(([found]) => ({
        line: index + 1,
        what,
        beginning: `${found.slice(0, 6)}…`,
      })),
    ),
  );
}
