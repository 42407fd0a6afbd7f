import { delimiter } from 'node:path';
import { commandsFolder } from '../support/folders.ts';
import type { EmulatorPlan } from './plan-emulator.ts';
import type { RunFolder } from './run-folder.ts';

// Would lead firebase-tools or the functions to another emulator, to production, or into our coverage.
const unwanted = [
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

/** The environment of firebase-tools: local, silent, asking nothing and calling nobody. */
export function firebaseEnvironment(
  own: NodeJS.ProcessEnv,
  plan: Exclude<EmulatorPlan, { kind: 'none' }>,
  java: string,
  folder: RunFolder,
): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !unwanted.includes(name));
  return {
    ...Object.fromEntries(kept),
    PATH: [folder.commands, commandsFolder, own.PATH].join(delimiter),
    KB_JAVA: java,
    KB_JAVA_PID: folder.javaPid,
    ...(plan.kind === 'cloud-sdk' && {
      KB_EMULATOR_JAR: plan.jar,
      FIRESTORE_EMULATOR_BINARY_PATH: folder.placeholderJar,
    }),
    // Its settings (and with them the consent to usage statistics), sockets and temporary files go with the run.
    XDG_CONFIG_HOME: folder.path,
    TMPDIR: folder.path,
    // No message of the day, no question, no colour.
    CI: 'true',
    NO_COLOR: '1',
    NO_UPDATE_NOTIFIER: '1',
    // It asks npm whether firebase-functions has a newer version.
    npm_config_offline: 'true',
    // Discover the functions through a file instead of a port of its own choice, however busy the machine.
    FIREBASE_FUNCTIONS_DISCOVERY_OUTPUT_PATH: 'true',
    FUNCTIONS_DISCOVERY_TIMEOUT: '60',
    METADATA_SERVER_DETECTION: 'none',
  };
}
