import assert from 'node:assert/strict';
import { planEmulator } from '../../emulators/plan-emulator.ts';

const cloudSdkJar = '/sdk/emulator.jar';
const nothing = { java: null, cloudSdkJar: null, isFirebaseToolsJarCached: false };

describe('planEmulator()', () => {
  it('uses the jar of the Cloud SDK with Java 11 to 20', () => {
    for (const java of [11, 17, 20]) {
      const plan = planEmulator({ ...nothing, java, cloudSdkJar });
      assert.deepEqual(plan, { kind: 'cloud-sdk', jar: cloudSdkJar });
    }
  });

  it('lets firebase-tools fetch its jar with Java 21 and nothing else', () => {
    assert.deepEqual(planEmulator({ ...nothing, java: 21 }), { kind: 'firebase-tools', downloads: true });
  });

  it('prefers an emulator that needs no download', () => {
    const sdkOnly = planEmulator({ java: 21, cloudSdkJar, isFirebaseToolsJarCached: false });
    assert.deepEqual(sdkOnly, { kind: 'cloud-sdk', jar: cloudSdkJar });
    const both = planEmulator({ java: 21, cloudSdkJar, isFirebaseToolsJarCached: true });
    assert.deepEqual(both, { kind: 'firebase-tools', downloads: false });
  });

  it('ignores the cached jar of firebase-tools with a Java before 21', () => {
    const plan = planEmulator({ java: 17, cloudSdkJar, isFirebaseToolsJarCached: true });
    assert.deepEqual(plan, { kind: 'cloud-sdk', jar: cloudSdkJar });
  });

  it('names what to install without Java, in one line per system', () => {
    assertAdvice(planEmulator({ ...nothing, cloudSdkJar }), /^No Java was found/);
  });

  it('reports in one line that Java is too old for any emulator', () => {
    assertAdvice(
      planEmulator({ java: 8, cloudSdkJar, isFirebaseToolsJarCached: true }),
      /^Java 8 is too old/,
    );
  });

  it('names what to install when Java 11 to 20 has no usable emulator', () => {
    const plan = planEmulator({ java: 17, cloudSdkJar: null, isFirebaseToolsJarCached: true });
    assertAdvice(plan, /^Java 17 is too old for the Firestore emulator of firebase-tools\./);
  });
});

const assertAdvice = (plan: ReturnType<typeof planEmulator>, pattern: RegExp): void => {
  assert.equal(plan.kind, 'none');
  const [reason, ...lines] = plan.advice.split('\n');
  assert.match(String(reason), pattern);
  assert.match(String(reason), / Install Java 21 or newer:$/);
  const systems = lines.slice(0, -1).map((line) => /^ {2}(\w.*?) {2,}\S/.exec(line)?.[1]);
  assert.deepEqual(systems, ['Debian 13, Ubuntu', 'Fedora', 'macOS', 'Windows', 'others']);
  assert.match(
    String(lines.at(-1)),
    /^Java 11 is enough .* gcloud components install cloud-firestore-emulator$/,
  );
};
