import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findTools, parseJavaVersion } from '../../emulators/find-emulator.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const jarInSdk = 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar';

describe('findTools()', () => {
  let folder: TemporaryFolder;
  let bin: string;
  beforeEach(() => {
    folder = temporaryFolder();
    bin = join(folder.path, 'bin');
    mkdirSync(bin);
  });
  afterEach(() => folder[Symbol.dispose]());

  const look = (environment: Record<string, string> = {}, roots: string[] = []) =>
    findTools({ PATH: bin, FIREBASE_EMULATORS_PATH: join(folder.path, 'cache'), ...environment }, roots);

  it('returns nothing without any tool', async () => {
    const found = await look();
    assert.deepEqual(found, {
      javaPath: null,
      java: null,
      cloudSdkJar: null,
      isFirebaseToolsJarCached: false,
    });
  });

  it('reads the version of the java on the PATH', async () => {
    const java = folder.writeCommand('bin/java', `echo 'openjdk version "17.0.15" 2025-04-15' >&2`);
    const { javaPath, java: version } = await look();
    assert.deepEqual({ javaPath, version }, { javaPath: java, version: 17 });
  });

  it('ignores a java that always fails', async () => {
    folder.writeCommand('bin/java', 'echo "Unable to locate a Java Runtime." >&2; exit 1');
    assert.equal((await look()).java, null);
  });

  it('finds the jar by CLOUDSDK_ROOT_DIR', async () => {
    const jar = folder.write(`sdk/${jarInSdk}`, '');
    assert.equal((await look({ CLOUDSDK_ROOT_DIR: join(folder.path, 'sdk') })).cloudSdkJar, jar);
  });

  it('finds the jar by a gcloud command that is a link into the SDK', async () => {
    const jar = folder.write(`sdk/${jarInSdk}`, '');
    symlinkSync(folder.writeCommand('sdk/bin/gcloud', ''), join(bin, 'gcloud'));
    assert.equal((await look()).cloudSdkJar, jar);
  });

  it('finds the jar in a usual place', async () => {
    const jar = folder.write(`usual/${jarInSdk}`, '');
    assert.equal((await look({}, ['/nowhere', join(folder.path, 'usual')])).cloudSdkJar, jar);
  });

  it('ignores an SDK without the component', async () => {
    folder.writeCommand('bin/gcloud', '');
    assert.equal((await look({}, [folder.path])).cloudSdkJar, null);
  });
});

describe('parseJavaVersion()', () => {
  it('reads old and new version formats', () => {
    assert.equal(parseJavaVersion('java version "1.8.0_292"'), 8);
    assert.equal(parseJavaVersion('openjdk version "11.0.2" 2019-01-15'), 11);
    assert.equal(parseJavaVersion('openjdk version "21" 2023-09-19\nOpenJDK Runtime'), 21);
    assert.equal(parseJavaVersion('openjdk version "26-ea" 2026-03-17'), 26);
  });

  it('returns null for any other text', () => {
    assert.equal(parseJavaVersion('command not found'), null);
  });
});
