/** The function that a host serves. */
export const TARGET = 'sessions';

export type HostEnvironmentOptions = {
  port: number;
  projectId: string;
  /** The address of Firestore, usually of the proxy, as `host:port`. */
  firestore: string;
  /** The address of the Auth emulator, as `host:port`. */
  auth: string;
  /** The values of the params, as in a .env file. */
  params: NodeJS.Dict<string>;
};

/** Returns the environment of a 2nd-gen function on Cloud Run, with emulators instead of the services. */
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
    // Outside Google Cloud the auth library would search for a metadata server.
    METADATA_SERVER_DETECTION: 'none',
  };
};
