export const TARGET = 'sessions';

export type HostEnvironmentOptions = {
  port: number;
  projectId: string;
  /** `host:port` of Firestore: usually the proxy. */
  firestore: string;
  /** `host:port` of the Auth emulator. */
  auth: string;
  /** Values of params, as in a .env file. */
  params: NodeJS.Dict<string>;
};

/** The environment of a 2nd-gen function on Cloud Run, with the emulators in the place of the services. */
export const hostEnvironment = ({
  port,
  projectId,
  firestore,
  auth,
  params,
}: HostEnvironmentOptions): NodeJS.ProcessEnv => {
  return {
    ...params,
    PORT: String(port),
    FUNCTION_TARGET: TARGET,
    FUNCTION_SIGNATURE_TYPE: 'http',
    K_SERVICE: TARGET,
    K_CONFIGURATION: TARGET,
    K_REVISION: `${TARGET}-00001-tst`,
    GCLOUD_PROJECT: projectId,
    FIREBASE_CONFIG: JSON.stringify({ projectId }),
    FIRESTORE_EMULATOR_HOST: firestore,
    FIREBASE_AUTH_EMULATOR_HOST: auth,
    // Outside Google Cloud its auth library would look for a metadata server.
    METADATA_SERVER_DETECTION: 'none',
  };
};
