/** A text in a log that identifies a user, a session or a message. */
export type Leak = {
  /** Its line, from 1. */
  line: number;
  what: string;
  /** Its first characters only, because a report is a log, too. */
  beginning: string;
};

const UUID = '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}';

const KINDS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['canary', /canary/gi],
  ['token', /\beyJ[\w-]{8,}/g],
  ['e-mail address', /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi],
  // Of a session or a message. The names of databases and projects in tests are uuids with a prefix.
  ['raw id', new RegExp(`(?<!(?:test|demo|rules)-)\\b${UUID}\\b`, 'gi')],
  ['raw uid', /(?<![\w-])(?=[A-Za-z]*\d)(?=[a-z\d]*[A-Z])(?=[A-Z\d]*[a-z])[A-Za-z\d]{28}(?![\w-])/g],
];

/** Finds leaks of identities, contents and ids, line by line. */
export const findLeaks = (text: string): Leak[] =>
  text.split('\n').flatMap((content, index) =>
    KINDS.flatMap(([what, pattern]) =>
      [...content.matchAll(pattern)].map(([found]) => ({
        line: index + 1,
        what,
        beginning: `${found.slice(0, 6)}…`,
      })),
    ),
  );
