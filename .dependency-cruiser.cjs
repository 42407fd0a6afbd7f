// The directions that imports may take. Data goes one way, and nothing points back:
//   web -> client -> contract <- sessions <- functions        tools, examples, bench -> all of them

const SDK =
  '^(firebase-admin|@google-cloud/firestore)(/|$)|node_modules/(firebase-admin|@google-cloud/firestore)/';
const REDIS = '^(redis|@redis/)|node_modules/(redis|@redis)/';
const SESSIONS = '^packages/sessions/src/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'a cycle cannot be read from one end',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'an import names a file or an installed package',
      severity: 'error',
      // These packages are installed by `npm run bench` alone.
      from: { pathNot: '^bench/(peers|types)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'packages-stand-alone',
      comment: 'a package knows nothing of the functions, the page and the tools',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^(functions|web|tools|examples|bench)/' },
    },
    {
      name: 'contract-is-schemas',
      comment: 'the contract is made of schemas alone',
      severity: 'error',
      from: { path: '^packages/contract/src/' },
      to: { pathNot: '^packages/contract/src/|node_modules/zod/' },
    },
    {
      name: 'sessions-know-the-contract-alone',
      comment: 'the session module uses no other package of this repository',
      severity: 'error',
      from: { path: SESSIONS, pathNot: '^packages/sessions/src/testing/' },
      to: { path: '^packages/(client|testing)/' },
    },
    {
      name: 'sessions-without-functions',
      comment: 'the session module knows neither firebase-functions nor HTTP',
      severity: 'error',
      from: { path: SESSIONS },
      to: { path: 'node_modules/firebase-functions/|^(node:)?https?$' },
    },
    {
      name: 'firestore-in-one-folder',
      comment: 'only firestore/ uses the Admin SDK',
      severity: 'error',
      from: { path: SESSIONS, pathNot: '^packages/sessions/src/firestore/' },
      to: { path: SDK },
    },
    {
      name: 'redis-in-one-folder',
      comment: 'only redis/ uses the package redis',
      severity: 'error',
      from: { path: SESSIONS, pathNot: '^packages/sessions/src/redis/' },
      to: { path: REDIS },
    },
    {
      name: 'stores-behind-their-entries',
      comment: 'firestore/ and redis/ are entries of the package: nothing else in it depends on them',
      severity: 'error',
      from: { path: SESSIONS, pathNot: '^packages/sessions/src/(firestore|redis)/' },
      to: { path: '^packages/sessions/src/(firestore|redis)/' },
    },
    {
      name: 'client-takes-types',
      comment: 'the client takes types alone from the contract, and nothing from the server',
      severity: 'error',
      from: { path: '^packages/client/src/' },
      to: { path: '^packages/contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-without-server',
      comment: 'the client uses no other package of this repository than the contract',
      severity: 'error',
      from: { path: '^packages/client/src/' },
      to: { path: '^packages/(sessions|testing)/' },
    },
    {
      name: 'page-through-client',
      comment: 'the page reaches the functions through the client',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(functions/|packages/(contract|sessions)/)' },
    },
    {
      name: 'testing-stands-alone',
      comment: 'the testing package knows nothing of what it tests',
      severity: 'error',
      from: { path: '^packages/testing/src/' },
      to: { path: '^packages/(client|contract|sessions)/' },
    },
    {
      name: 'functions-stand-alone',
      comment: 'the functions use the packages and nothing else of the repository',
      severity: 'error',
      from: { path: '^functions/src/' },
      to: { path: '^(web|tools|examples|bench)/|^packages/(client|testing)/' },
    },
    {
      name: 'functions-through-entries',
      comment: 'the functions use the session module through its entries',
      severity: 'error',
      from: { path: '^functions/src/' },
      to: {
        path: SESSIONS,
        pathNot: '^packages/sessions/src/(index|firestore/index|memory/index|redis/index)\\.ts$',
      },
    },
    {
      name: 'entry-only-exports',
      comment: 'index.ts only exports, for Firebase to load',
      severity: 'error',
      from: { path: '^functions/src/' },
      to: { path: '^functions/src/index\\.ts$' },
    },
    {
      name: 'sources-without-tests',
      comment: 'sources never import tests',
      severity: 'error',
      from: { path: '^(packages/[^/]+|functions|web)/src/' },
      to: { path: '/test/' },
    },
    {
      name: 'page-without-tools',
      comment: 'the page needs nothing but the client',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^(tools|examples|bench)/' },
    },
  ],
  required: [
    {
      name: 'types-are-seen',
      comment: 'it imports types of limits.ts: where this is not seen, the parser drops all such imports',
      severity: 'error',
      module: { path: '^packages/sessions/src/lifecycle\\.ts$' },
      to: { path: '^packages/sessions/src/limits\\.ts$' },
    },
  ],
  options: {
    // Of TypeScript 6, see tools/check-imports.ts. Without it another parser steps in, which drops imports of types.
    parser: 'tsc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.cjs', '.js'],
    },
  },
};
