/**
 * Packages of which the bundle may hold one copy only. Two copies of the Admin SDK do not accept each other's
 * values; a second copy of the others only costs start time.
 */
const SINGLE = [
  '@google-cloud/firestore',
  'cockatiel',
  'csv-stringify',
  'firebase-admin',
  'firebase-functions',
  'ipaddr.js',
  'rate-limiter-flexible',
  'zod',
];

/** The folders from which a metafile of esbuild has each of these packages, where there is more than one. */
export const duplicatesIn = ({ inputs }) =>
  SINGLE.flatMap((name) => {
    const pattern = new RegExp(`^(?:.*/)?node_modules/${name.replaceAll('.', '\\.')}/`);
    const folders = new Set(Object.keys(inputs).flatMap((path) => pattern.exec(path)?.[0] ?? []));
    return folders.size > 1 ? [{ name, folders: [...folders] }] : [];
  });

/** Fails the build where the bundle holds two copies of one of them. */
export const oneCopy = {
  name: 'one-copy',
  setup(build) {
    build.onEnd(({ metafile }) => ({
      errors: duplicatesIn(metafile).map(({ name, folders }) => ({
        text: `the bundle must hold one copy of ${name}, found ${folders.join(' and ')}`,
      })),
    }));
  },
};
