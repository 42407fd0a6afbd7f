type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A package.json. */
export type Manifest = Readonly<Record<string, Json>>;

/** What a package.json has for the tree alone. */
const TREE_ONLY = ['private', 'devDependencies', 'scripts'];

/**
 * The package.json that is published: its exports lead to `dist` instead of the sources, and what only the tree needs is
 * left out: `./internal/*`, scripts and development dependencies.
 */
export const publishedManifest = (manifest: Manifest): Manifest => {
  const { exports, ...rest } = manifest;
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !TREE_ONLY.includes(key)));
  const entries = Object.entries(exports as Record<string, string>)
    .filter(([entry]) => !entry.startsWith('./internal/'))
    .map(([entry, path]) => [entry, path.startsWith('./src/') ? builtEntry(path) : path] as const);
  return { ...kept, exports: Object.fromEntries(entries) };
};

const builtEntry = (path: string) => {
  const built = path.replace('./src/', './dist/');
  return { types: built.replace(/\.ts$/, '.d.ts'), default: built.replace(/\.ts$/, '.js') };
};
