/** What tells an error from others, for the log: a driver's text may hold paths, ids and content. */
export const withoutText = (error: unknown): object => {
  if (!(error instanceof Error)) return { kind: typeof error };
  const at = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  return { kind: error.name, code: 'code' in error ? error.code : null, at: at?.slice(0, 5) };
};
