import { mapToSource } from './source-map.ts';

/**
 * Redacts an error for the log: its kind, its code and the top five frames of its stack, mapped to the sources. The
 * message is left out, because those of drivers may hold paths, ids and content. The stack begins with the message, and
 * lines of the message may look like frames, so frames are only read after the message. If the stack does not contain the
 * message, no frame is returned.
 */
export const redactError = (error: unknown): object => {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { stack = '', message } = error;
  const start = stack.indexOf(message);
  const frames = start === -1 ? '' : stack.slice(start + message.length);
  const at = frames.split('\n').filter((line) => line.startsWith('    at '));
  return { kind: error.name, code: 'code' in error ? error.code : null, at: at.slice(0, 5).map(mapToSource) };
};
