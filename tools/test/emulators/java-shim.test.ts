import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const shim = join(import.meta.dirname, '../../emulators/java-shim.sh');
const start = ['-Duser.language=en', '-jar', '/place holder.jar', '--host', '127.0.0.1', '--port', '8080'];

describe('java-shim.sh', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
    // A java that tells its process id and its arguments, one a line.
    folder.writeCommand('java', 'echo $$; for argument in "$@"; do echo "$argument"; done; exit 7');
  });
  afterEach(() => folder[Symbol.dispose]());

  const run = (args: string[], jar?: string) => {
    const env = {
      PATH: '/usr/bin:/bin',
      KB_JAVA: join(folder.path, 'java'),
      KB_JAVA_PID: join(folder.path, 'pid'),
    };
    const child = spawnSync(shim, args, {
      env: jar === undefined ? env : { ...env, KB_EMULATOR_JAR: jar },
      encoding: 'utf8',
    });
    const [pid, ...seen] = child.stdout.trim().split('\n');
    return { pid, seen, stderr: child.stderr, status: child.status };
  };

  it('starts the jar of the Cloud SDK by its main class, with the arguments of the emulator', () => {
    const { seen, status } = run(start, '/sdk/the jar.jar');
    const main = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';
    const options = ['--host', '127.0.0.1', '--port', '8080'];
    assert.deepEqual(seen, ['-Duser.language=en', '-cp', '/sdk/the jar.jar', main, ...options]);
    assert.equal(status, 7);
  });

  it('reports an accepted Java version to the probe of firebase-tools', () => {
    const { seen, stderr, status } = run(
      ['-Duser.language=en', '-Dfile.encoding=UTF-8', '-version'],
      '/sdk/a.jar',
    );
    assert.match(stderr, /version "21/);
    assert.deepEqual({ seen, status }, { seen: [], status: 0 });
  });

  it('replaces itself by java, so that a signal to its process id reaches java', () => {
    const { pid } = run(start, '/sdk/a.jar');
    assert.equal(readFileSync(join(folder.path, 'pid'), 'utf8').trim(), pid);
  });

  it('changes nothing without a jar of the Cloud SDK', () => {
    assert.deepEqual(run(start).seen, start);
    assert.deepEqual(run(['-version']).seen, ['-version']);
  });
});
