import { isObject } from '../support/is-object.ts';
import { configuredPort, type portNames } from './configured-ports.cjs';

/** One port number for each of {@link portNames}. */
export type SuitePorts = Readonly<Record<(typeof portNames)[number], number>>;

/** A project's firebase.json, as parsed. */
export type FirebaseConfig = Readonly<Record<string, unknown>>;

/**
 * The ports that a firebase.json sets.
 * @throws Error where it leaves one out
 */
export const configuredPorts = (config: FirebaseConfig): SuitePorts =>
  makePorts((name) => configuredPort(config, name));

/** Calls `pick` for each port. */
export const makePorts = (pick: (name: keyof SuitePorts) => number): SuitePorts => ({
  auth: pick('auth'),
  functions: pick('functions'),
  firestore: pick('firestore'),
  websocket: pick('websocket'),
  hosting: pick('hosting'),
  hub: pick('hub'),
  logging: pick('logging'),
  eventarc: pick('eventarc'),
  tasks: pick('tasks'),
});

/**
 * The firebase.json of one run. Its folder also holds `project`, a link to the real project, and `env` with the params
 * of the functions. So no run writes into the project.
 */
export const suiteConfig = (config: FirebaseConfig, ports: SuitePorts, host: string): FirebaseConfig => ({
  functions: asArray(config.functions).map((codebase) => ({
    ...codebase,
    source: `project/${String(codebase.source)}`,
    configDir: 'env',
  })),
  firestore: linkPaths(config.firestore, ['rules', 'indexes']),
  hosting: linkPaths(config.hosting, ['public']),
  emulators: {
    ...(isObject(config.emulators) ? config.emulators : {}),
    auth: { host, port: ports.auth },
    functions: { host, port: ports.functions },
    firestore: { host, port: ports.firestore, websocketPort: ports.websocket },
    hosting: { host, port: ports.hosting },
    hub: { host, port: ports.hub },
    logging: { host, port: ports.logging },
    eventarc: { host, port: ports.eventarc },
    tasks: { host, port: ports.tasks },
    ui: { enabled: false },
  },
});

const linkPaths = (section: unknown, keys: readonly string[]): FirebaseConfig => {
  if (!isObject(section))
    throw new Error('firebase.json must have one section each for firestore and hosting');
  const linked = keys.filter((key) => key in section).map((key) => [key, `project/${String(section[key])}`]);
  return { ...section, ...Object.fromEntries(linked) };
};

const asArray = (functions: unknown): readonly FirebaseConfig[] =>
  (Array.isArray(functions) ? functions : [functions]).filter(isObject);
