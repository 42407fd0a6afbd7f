import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { firebaseEmulatorInfo } from '../support/folders.ts';
import { isObject } from '../support/is-object.ts';
import { UserError } from '../support/user-error.ts';
import { type EmulatorPlan, type FoundTools, planEmulator } from './plan-emulator.ts';

const run = promisify(execFile);

/** The variables of the environment that the search reads. */
export type SearchEnvironment = Readonly<Record<string, string | undefined>>;

/** The Firestore emulator to run, and the `java` that runs it. */
export type FoundEmulator = { plan: Exclude<EmulatorPlan, { kind: 'none' }>; javaPath: string };

/**
 * Finds the Firestore emulator of this machine.
 * @throws UserError with what to install where there is none
 */
export const findEmulator = async (environment: SearchEnvironment): Promise<FoundEmulator> => {
  const { javaPath, ...tools } = await findTools(environment);
  const plan = planEmulator(tools);
  if (plan.kind === 'none') throw new UserError(plan.advice);
  if (javaPath === null) throw new Error('a plan with an emulator needs a java');
  return { plan, javaPath };
};

/**
 * Looks for Java and the Firestore emulators.
 * @param usualRoots the folders in which a Google Cloud SDK usually is
 */
export const findTools = async (
  environment: SearchEnvironment,
  usualRoots: readonly string[] = usualSdkRoots(),
): Promise<FoundTools & { javaPath: string | null }> => {
  const javaPath = onPath('java', environment);
  return {
    javaPath,
    java: javaPath === null ? null : await javaVersion(javaPath),
    cloudSdkJar: findCloudSdkJar(environment, usualRoots),
    isFirebaseToolsJarCached: existsSync(firebaseToolsJar(environment)),
  };
};

/** The major version in the output of `java -version` (`"1.8.0_292"` is 8), or null where it names none. */
export const parseJavaVersion = (output: string): number | null => {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match === null ? null : Number(match[1]);
};

const javaVersion = async (java: string): Promise<number | null> => {
  try {
    const { stdout, stderr } = await run(java, ['-version']);
    return parseJavaVersion(stdout + stderr);
  } catch {
    // macOS has a `java` on the PATH that only asks to install one.
    return null;
  }
};

const findCloudSdkJar = (environment: SearchEnvironment, usualRoots: readonly string[]): string | null => {
  const gcloud = onPath('gcloud', environment);
  const roots = [
    environment.CLOUDSDK_ROOT_DIR,
    gcloud === null ? undefined : dirname(dirname(realpathSync(gcloud))),
    ...usualRoots,
  ];
  for (const root of roots) {
    if (root === undefined || root === '') continue;
    const jar = join(root, 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar');
    if (existsSync(jar)) return jar;
  }
  return null;
};

const usualSdkRoots = (): string[] => [
  '/usr/lib/google-cloud-sdk',
  '/usr/share/google-cloud-sdk',
  '/opt/google-cloud-sdk',
  join(homedir(), 'google-cloud-sdk'),
  '/opt/homebrew/share/google-cloud-sdk',
  '/usr/local/share/google-cloud-sdk',
];

const firebaseToolsJar = (environment: SearchEnvironment): string => {
  const cache = environment.FIREBASE_EMULATORS_PATH ?? join(homedir(), '.cache/firebase/emulators');
  const info: unknown = JSON.parse(readFileSync(firebaseEmulatorInfo, 'utf8'));
  const firestore = isObject(info) ? info.firestore : undefined;
  const name = isObject(firestore) ? firestore.downloadPathRelativeToCacheDir : undefined;
  if (typeof name !== 'string') throw new Error(`${firebaseEmulatorInfo} does not name the emulator's jar`);
  return join(cache, name);
};

const onPath = (command: string, environment: SearchEnvironment): string | null => {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, command);
    if (folder !== '' && existsSync(candidate)) return candidate;
  }
  return null;
};
