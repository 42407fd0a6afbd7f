/** As much of a package-lock.json as the comparison reads. */
export type Lock = { packages: Record<string, { version?: string } & Partial<Manifest>> };

export type Manifest = {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};

/** Bundled by way of firebase-admin, and spoken to by the functions' own code. */
const ALSO = ['@google-cloud/firestore'];

/** One sentence for each way in which the lock of the deployment differs from its manifest and from the root's lock. */
export const compareLocks = ({
  root,
  functions,
  manifest,
}: {
  root: Lock;
  functions: Lock;
  manifest: Manifest;
}): string[] => {
  const own = functions.packages[''] ?? {};
  const stale = (['dependencies', 'devDependencies'] as const)
    .filter((kind) => !isSame(own[kind], manifest[kind]))
    .map((kind) => `functions/package-lock.json has other ${kind} than functions/package.json.`);
  const names = [...Object.keys(manifest.dependencies ?? {}), ...ALSO];
  const different = names.flatMap((name) => {
    const [deployed, built] = [versionOf(functions, '', name), versionOf(root, 'functions/', name)];
    if (deployed !== undefined && deployed === built) return [];
    return `${name} is ${deployed ?? 'missing'} in functions/package-lock.json and ${built ?? 'missing'} in package-lock.json.`;
  });
  return [...stale, ...different];
};

const isSame = (one: Record<string, string> = {}, other: Record<string, string> = {}): boolean =>
  JSON.stringify(Object.entries(one).toSorted()) === JSON.stringify(Object.entries(other).toSorted());

/** The version that a workspace's folder gets: its own, or else the hoisted one. */
const versionOf = ({ packages }: Lock, folder: string, name: string): string | undefined =>
  (packages[`${folder}node_modules/${name}`] ?? packages[`node_modules/${name}`])?.version;
