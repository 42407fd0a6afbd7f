import { CANARIES } from './valid-inputs.ts';

/** Where a text gives away what it must not: personal data, `secrets`, or how the server is built. */
export const leakIn = (text: string, secrets: readonly string[]): string | undefined => {
  const forbidden = [...Object.values(CANARIES), ...secrets, 'node_modules', 'file://', '.js:', '.ts:'];
  const found = forbidden.find((part) => text.includes(part)) ?? /(?:^|\n|\\n)\s+at /.exec(text)?.[0];
  if (found === undefined) return undefined;
  const start = text.indexOf(found);
  return `${found} in ${text.slice(Math.max(0, start - 300), start + 300)}`;
};
