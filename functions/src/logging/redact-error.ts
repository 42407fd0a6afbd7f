import { mapToSource } from './source-map.ts';

/**
 * What tells an error from others, for the log: a driver's text may hold paths, ids and content. A stack begins with the
 * text, lines of which may look like places, so the places are what comes after it; without it there is no telling.
 */
export const redactError = (error: unknown): object => {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { stack = '', message } = error;
  const text = stack.indexOf(message);
  const places = text === -1 ? '' : stack.slice(text + message.length);
  const at = places.split('\n').filter((line) => line.startsWith('    at '));
  return { kind: error.name, code: 'code' in error ? error.code : null, at: at.slice(0, 5).map(mapToSource) };
};
