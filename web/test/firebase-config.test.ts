import assert from 'node:assert/strict';
import { emulatorsIn } from '../src/firebase-config.ts';

const script = (emulators: unknown): string =>
  [
    "if (typeof firebase === 'undefined') throw new Error('hosting/init-error');",
    `var firebaseConfig = ${JSON.stringify({ projectId: 'demo-a' }, null, 2)};`,
    'if (firebaseConfig) {',
    `  var firebaseEmulators = ${JSON.stringify(emulators, null, 2)};`,
    '  if (firebaseEmulators) { console.log("};"); }',
    '}',
  ].join('\n');

const at = (port: number) => ({ host: '127.0.0.1', port, hostAndPort: `127.0.0.1:${port}` });

describe('emulatorsIn()', () => {
  it('returns the addresses that the Hosting emulator provides', () => {
    const found = emulatorsIn(script({ auth: at(1), firestore: at(2), functions: at(3) }));
    assert.deepEqual(found, { auth: '127.0.0.1:1', firestore: '127.0.0.1:2', functions: '127.0.0.1:3' });
  });

  it('returns null for a deployed site and for a missing emulator', () => {
    assert.equal(emulatorsIn(script(undefined)), null);
    assert.equal(emulatorsIn(script({})), null);
    assert.equal(emulatorsIn(script({ auth: at(1), functions: at(3) })), null);
    assert.equal(emulatorsIn(''), null);
  });
});
