import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { firebaseEmulatorInfo } from '../support/folders.ts';
import { isObject } from '../support/is-object.ts';
import type { FoundTools } from './plan-emulator.ts';

const run = promisify(execFile);

/** The part of the environment that the search looks at. */
export type SearchEnvironment = Readonly<Record<string, string | undefined>>;

/** Looks for Java and the Firestore emulators. `usualRoots`: where a Google Cloud SDK is usually put. */
export async function findTools(
  environment: SearchEnvironment,
  usualRoots: readonly string[] = usualSdkRoots(),
): Promise<FoundTools & { readonly javaPath: string | null }> {
  const javaPath = onPath('java', environment);
  return {
    javaPath,
    java: javaPath === null ? null : await javaVersion(javaPath),
    cloudSdkJar: findCloudSdkJar(environment, usualRoots),
    firebaseToolsJarCached: existsSync(firebaseToolsJar(environment)),
  };
}

/** Major version in what `java -version` says (`"1.8.0_292"` is 8), or null when it says none. */
export function parseJavaVersion(output: string): number | null {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match === null ? null : Number(match[1]);
}

async function javaVersion(java: string): Promise<number | null> {
  try {
    const { stdout, stderr } = await run(java, ['-version']);
    return parseJavaVersion(stdout + stderr);
  } catch {
    // macOS puts a `java` on the PATH that only asks to install one: that is no Java.
    return null;
  }
}

function findCloudSdkJar(environment: SearchEnvironment, usualRoots: readonly string[]): string | null {
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
}

function usualSdkRoots(): string[] {
  return [
    '/usr/lib/google-cloud-sdk',
    '/usr/share/google-cloud-sdk',
    '/opt/google-cloud-sdk',
    join(homedir(), 'google-cloud-sdk'),
    '/opt/homebrew/share/google-cloud-sdk',
    '/usr/local/share/google-cloud-sdk',
  ];
}

function firebaseToolsJar(environment: SearchEnvironment): string {
  const cache = environment.FIREBASE_EMULATORS_PATH ?? join(homedir(), '.cache/firebase/emulators');
  const info: unknown = JSON.parse(readFileSync(firebaseEmulatorInfo, 'utf8'));
  const firestore = isObject(info) ? info.firestore : undefined;
  const name = isObject(firestore) ? firestore.downloadPathRelativeToCacheDir : undefined;
  if (typeof name !== 'string') throw new Error(`${firebaseEmulatorInfo} does not name the emulator's jar`);
  return join(cache, name);
}

function onPath(command: string, environment: SearchEnvironment): string | null {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, command);
    if (folder !== '' && existsSync(candidate)) return candidate;
  }
  return null;
}
