import { stripVTControlCharacters } from 'node:util';

/** The meaning of a line that firebase-tools prints. Every message is one sentence. */
export type EmulatorEvent =
  | { kind: 'ready' }
  /** The emulators will not start, because another process has taken a port. */
  | { kind: 'port-taken'; message: string }
  /** The emulators will not start. After they are ready it is the news of a failed reload, and no more. */
  | { kind: 'not-starting'; message: string }
  /** An emulator has ended. */
  | { kind: 'dead'; message: string }
  /** The reason of an exit that may follow. */
  | { kind: 'hint'; message: string }
  | { kind: 'nothing' };

/** Reads one line of the output of `firebase emulators:start`. */
export const parseEmulatorLog = (line: string): EmulatorEvent => {
  const text = stripVTControlCharacters(line);
  if (text.includes('All emulators ready')) return { kind: 'ready' };

  const port = /Port (\d+) is not open on/.exec(text);
  if (port !== null) {
    return { kind: 'port-taken', message: `Port ${port[1]} is taken: stop the program that uses it.` };
  }

  const load =
    /Failed to (?:generate manifest from function source|load function definition from source): (.*)/.exec(
      text,
    );
  if (load !== null)
    return { kind: 'not-starting', message: `The functions could not be loaded: ${load[1]}` };

  const emulator = /([A-Z]\w+ Emulator) has exited (?:with code: (\d+)|upon receiving signal: (\w+))/.exec(
    text,
  );
  if (emulator !== null) {
    const [, name, code, signal] = emulator;
    return { kind: 'dead', message: `The ${name} ended (${signal ?? `exit code ${code}`}).` };
  }

  const error = /^Error: (.*)/.exec(text);
  if (error !== null) return { kind: 'hint', message: String(error[1]) };
  return { kind: 'nothing' };
};
