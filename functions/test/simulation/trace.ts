/** Is told what happens, step by step; `details` are printed as JSON. */
export type Trace = (what: string, details?: unknown) => void;

const uuid = /([0-9a-f]{4})[0-9a-f]{4}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Writes lines with the time that has passed, in seconds, and ids cut to what tells them apart. */
export const traceTo = (write: (line: string) => void, passed: () => number): Trace => {
  const textOf = (details: unknown) =>
    details === undefined ? '' : ` ${JSON.stringify(details).replace(uuid, '$1')}`;
  return (what, details) => write(`${(passed() / 1000).toFixed(3).padStart(9)}  ${what}${textOf(details)}`);
};
