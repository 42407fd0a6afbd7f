import { stripVTControlCharacters } from 'node:util';

/** What a line of firebase-tools' output means to us. */
export type EmulatorEvent =
  | { readonly kind: 'ready' }
  /** The suite will not come up; the message is one sentence. Once it is up this is news of a failed reload, no more. */
  | { readonly kind: 'not-starting'; readonly message: string }
  /** An emulator is gone; the message is one sentence. */
  | { readonly kind: 'dead'; readonly message: string }
  /** Words to explain an exit that may follow. */
  | { readonly kind: 'hint'; readonly message: string }
  | { readonly kind: 'nothing' };

/** Reads one line of the output of `firebase emulators:start`. */
export function parseEmulatorLog(line: string): EmulatorEvent {
  const text = stripVTControlCharacters(line);
  if (text.includes('All emulators ready')) return { kind: 'ready' };

  const port = /Port (\d+) is not open on/.exec(text);
  if (port !== null) {
    return { kind: 'not-starting', message: `Port ${port[1]} is taken: stop the program that uses it.` };
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
}
