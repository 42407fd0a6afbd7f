/** What a look around the machine found. */
export interface FoundTools {
  /** Major version of the `java` on the PATH. */
  readonly java: number | null;
  /** The Firestore emulator's jar of the Google Cloud SDK. */
  readonly cloudSdkJar: string | null;
  /** Whether the jar that firebase-tools would download lies in its cache already. */
  readonly firebaseToolsJarCached: boolean;
}

/** Which Firestore emulator to run, or the one line that says what to install. */
export type EmulatorPlan =
  | { readonly kind: 'cloud-sdk'; readonly jar: string }
  | { readonly kind: 'firebase-tools'; readonly downloads: boolean }
  | { readonly kind: 'none'; readonly advice: string };

const javaForFirebaseTools = 21;
const javaForCloudSdk = 11;

/** Chooses the Firestore emulator; where two would do, the one that needs no download. */
export function planEmulator(found: FoundTools): EmulatorPlan {
  const { java, cloudSdkJar, firebaseToolsJarCached } = found;
  if (java === null) {
    return none("No Java found, which Google's Firestore emulator needs");
  }
  if (java >= javaForFirebaseTools && firebaseToolsJarCached) {
    return { kind: 'firebase-tools', downloads: false };
  }
  if (java >= javaForCloudSdk && cloudSdkJar !== null) return { kind: 'cloud-sdk', jar: cloudSdkJar };
  if (java >= javaForFirebaseTools) return { kind: 'firebase-tools', downloads: true };
  if (java >= javaForCloudSdk) {
    return none(
      `Java ${java} is too old for the Firestore emulator of firebase-tools, and no other was found`,
    );
  }
  return none(`Java ${java} is too old for Google's Firestore emulator`);
}

function none(reason: string): EmulatorPlan {
  const first = `Java ${javaForFirebaseTools} or newer (for instance from https://adoptium.net)`;
  const second = `Java ${javaForCloudSdk} or newer with the Google Cloud SDK's emulator (gcloud components install cloud-firestore-emulator)`;
  return { kind: 'none', advice: `${reason}: install ${first}, or ${second}.` };
}
