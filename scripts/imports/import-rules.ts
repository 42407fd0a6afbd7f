import { posix } from 'node:path';
import type { Import } from './read-imports.ts';

/** An import as the rules see it. */
interface ResolvedImport extends Import {
  /** Path from the project's folder for a relative import, otherwise the specifier itself. */
  readonly target: string;
}

interface Rule {
  /** Completes "<file> imports <target>, but …". */
  readonly because: string;
  readonly appliesTo: (file: string) => boolean;
  readonly allows: (resolved: ResolvedImport) => boolean;
}

const session = 'functions/src/session/';
const sessionFirestore = `${session}firestore/`;
const sessionRedis = `${session}redis/`;
const contractMayImport = [
  'records.ts',
  'views.ts',
  'exported.ts',
  'receipt.ts',
  'errors.ts',
  'metadata.ts',
  'text.ts',
].map((name) => `${session}${name}`);

// Data goes one way and nothing points back: web -> client -> contract, callables -> session -> its stores.
const rules: readonly Rule[] = [
  {
    because: 'functions/ is deployed alone',
    appliesTo: within('functions/src/'),
    allows: ({ specifier, target }) => isPackage(specifier) || target.startsWith('functions/src/'),
  },
  {
    because: 'the session module knows nothing outside itself',
    appliesTo: within(session),
    allows: ({ specifier, target }) => isPackage(specifier) || target.startsWith(session),
  },
  {
    because: 'the session module knows neither firebase-functions nor HTTP',
    appliesTo: within(session),
    allows: ({ target }) => !isOfPackage(target, 'firebase-functions'),
  },
  {
    because: 'inside the session module only session/firestore/ touches the SDK',
    appliesTo: (file) => file.startsWith(session) && !file.startsWith(sessionFirestore),
    allows: ({ target }) =>
      !isOfPackage(target, 'firebase-admin') && !isOfPackage(target, '@google-cloud/firestore'),
  },
  {
    because: 'only session/index.ts hands out what session/firestore/ makes',
    appliesTo: (file) =>
      file.startsWith(session) && !file.startsWith(sessionFirestore) && file !== `${session}index.ts`,
    allows: ({ target }) => !target.startsWith(sessionFirestore),
  },
  {
    because: 'inside the session module only session/redis/ touches Redis',
    appliesTo: (file) => file.startsWith(session) && !file.startsWith(sessionRedis),
    allows: ({ target }) => !isOfPackage(target, 'redis') && !target.startsWith('@redis/'),
  },
  {
    because: 'only session/index.ts hands out what session/redis/ makes',
    appliesTo: (file) =>
      file.startsWith(session) && !file.startsWith(sessionRedis) && file !== `${session}index.ts`,
    allows: ({ target }) => !target.startsWith(sessionRedis),
  },
  {
    because: 'callables, scheduled functions and triggers use the session module through session/index.ts',
    appliesTo: (file) => /^functions\/src\/(callables|scheduled|triggers)\//.test(file),
    allows: ({ target }) => !target.startsWith(session) || target === `${session}index.ts`,
  },
  {
    because: 'the contract is built from schemas alone',
    appliesTo: (file) => file === 'functions/src/contract.ts',
    allows: ({ specifier, target }) => isPackage(specifier) || contractMayImport.includes(target),
  },
  {
    because: 'index.ts only exports, for Firebase to load',
    appliesTo: (file) => !/(^|\/)test\//.test(file),
    allows: ({ target }) => target !== 'functions/src/index.ts',
  },
  {
    because: 'the client takes types alone, from functions/src/contract.ts',
    appliesTo: within('client/src/'),
    allows: ({ target, typeOnly }) =>
      !target.startsWith('functions/') || (typeOnly && target === 'functions/src/contract.ts'),
  },
  {
    because: 'the web page reaches the functions through the client',
    appliesTo: within('web/'),
    allows: ({ target }) => !target.startsWith('functions/'),
  },
  {
    because: 'testing/ knows nothing of what it tests',
    appliesTo: within('testing/src/'),
    allows: ({ target }) =>
      !/^(functions|client)\/src\//.test(target) && !isOfPackage(target, 'kb-sessions-client'),
  },
];

/** One sentence for each import of the file (a path from the project's folder) that goes the wrong way. */
export function checkImports(file: string, imports: readonly Import[]): string[] {
  return imports.flatMap((found) => {
    const { specifier } = found;
    const target = isPackage(specifier) ? specifier : posix.join(posix.dirname(file), specifier);
    return rules
      .filter((rule) => rule.appliesTo(file) && !rule.allows({ ...found, target }))
      .map((rule) => `${file} imports ${target}, but ${rule.because}`);
  });
}

function within(folder: string): (file: string) => boolean {
  return (file) => file.startsWith(folder);
}

function isPackage(specifier: string): boolean {
  return !specifier.startsWith('.');
}

function isOfPackage(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name}/`);
}
