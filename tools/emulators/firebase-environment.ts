import { delimiter } from 'node:path';
import { commandsFolder } from '../support/folders.ts';
import type { FoundEmulator } from './find-emulator.ts';
import type { RunFolder } from './run-folder.ts';

// These would direct firebase-tools or the functions to another emulator, to production, or into our coverage.
const UNWANTED = [
  'FIRESTORE_EMULATOR_HOST',
  'FIREBASE_AUTH_EMULATOR_HOST',
  'FIREBASE_CONFIG',
  'FIREBASE_TOKEN',
  'GCLOUD_PROJECT',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_PROJECT',
  'NODE_OPTIONS',
  'NODE_V8_COVERAGE',
];

/** The environment of firebase-tools: local, silent, without questions and without calls to the network. */
export const firebaseEnvironment = (
  own: NodeJS.ProcessEnv,
  { plan, javaPath }: FoundEmulator,
  folder: RunFolder,
): NodeJS.ProcessEnv => {
  const kept = Object.entries(own).filter(([name]) => !UNWANTED.includes(name));
  return {
    ...Object.fromEntries(kept),
    PATH: [folder.commands, commandsFolder, own.PATH].join(delimiter),
    KB_JAVA: javaPath,
    KB_JAVA_PID: folder.javaPid,
    ...(plan.kind === 'cloud-sdk' && {
      KB_EMULATOR_JAR: plan.jar,
      FIRESTORE_EMULATOR_BINARY_PATH: folder.placeholderJar,
    }),
    // Its settings (with the consent to usage statistics), sockets and temporary files are removed with the folder.
    XDG_CONFIG_HOME: folder.path,
    TMPDIR: folder.path,
    // No message of the day, no question, no colour.
    CI: 'true',
    NO_COLOR: '1',
    NO_UPDATE_NOTIFIER: '1',
    // It asks npm whether firebase-functions has a newer version.
    npm_config_offline: 'true',
    // The functions are discovered through a file, not a port of its own choice, with time enough on a busy machine.
    FIREBASE_FUNCTIONS_DISCOVERY_OUTPUT_PATH: 'true',
    FUNCTIONS_DISCOVERY_TIMEOUT: '60',
    METADATA_SERVER_DETECTION: 'none',
  };
};
