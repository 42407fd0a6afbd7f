import assert from 'node:assert/strict';
import { parseEmulatorLog } from '../../emulators/parse-emulator-log.ts';

// The lines are what firebase-tools 15.34 printed.
describe('parseEmulatorLog()', () => {
  const cases = [
    ['│ ✔  All emulators ready! It is now safe to connect your app. │', { kind: 'ready' }],
    [
      '⚠  firestore: Port 8080 is not open on 127.0.0.1, could not start Firestore Emulator.',
      { kind: 'port-taken', message: 'Port 8080 is taken: stop the program that uses it.' },
    ],
    [
      "Failed to generate manifest from function source: Cannot find module './nope.js'",
      { kind: 'not-starting', message: "The functions could not be loaded: Cannot find module './nope.js'" },
    ],
    [
      '⬢  functions: Failed to load function definition from source: FirebaseError: no engine',
      { kind: 'not-starting', message: 'The functions could not be loaded: FirebaseError: no engine' },
    ],
    [
      '   Firestore Emulator has exited with code: 1, ',
      { kind: 'dead', message: 'The Firestore Emulator ended (exit code 1).' },
    ],
    [
      '\u001b[33m⚠ \u001b[39m Firestore Emulator has exited upon receiving signal: SIGKILL',
      { kind: 'dead', message: 'The Firestore Emulator ended (SIGKILL).' },
    ],
    [
      'Error: Could not start Hosting Emulator, port taken.',
      { kind: 'hint', message: 'Could not start Hosting Emulator, port taken.' },
    ],
    ['i  functions: Beginning execution of "us-central1-hello"', { kind: 'nothing' }],
  ] as const;
  for (const [line, news] of cases) {
    it(`reads ${JSON.stringify(line.trim().slice(0, 60))} as ${news.kind}`, () => {
      assert.deepEqual(parseEmulatorLog(line), news);
    });
  }
});
