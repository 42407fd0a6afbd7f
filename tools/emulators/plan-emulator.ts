/** What a search of this machine found. */
export type FoundTools = {
  /** The major version of the `java` on the PATH. */
  java: number | null;
  /** The Firestore emulator's jar of the Google Cloud SDK. */
  cloudSdkJar: string | null;
  /** Whether the jar that firebase-tools would download is in its cache already. */
  isFirebaseToolsJarCached: boolean;
};

/** Which Firestore emulator to run, or the lines that say what to install. */
export type EmulatorPlan =
  | { kind: 'cloud-sdk'; jar: string }
  | { kind: 'firebase-tools'; downloads: boolean }
  | { kind: 'none'; advice: string };

const JAVA_FOR_FIREBASE_TOOLS = 21;
const JAVA_FOR_CLOUD_SDK = 11;

/** Chooses the Firestore emulator. Of two that would do, it chooses the one that needs no download. */
export const planEmulator = (found: FoundTools): EmulatorPlan => {
  const { java, cloudSdkJar, isFirebaseToolsJarCached } = found;
  if (java === null) return none("No Java was found, which Google's Firestore emulator needs.");
  if (java >= JAVA_FOR_FIREBASE_TOOLS && isFirebaseToolsJarCached) {
    return { kind: 'firebase-tools', downloads: false };
  }
  if (java >= JAVA_FOR_CLOUD_SDK && cloudSdkJar !== null) return { kind: 'cloud-sdk', jar: cloudSdkJar };
  if (java >= JAVA_FOR_FIREBASE_TOOLS) return { kind: 'firebase-tools', downloads: true };
  if (java >= JAVA_FOR_CLOUD_SDK) {
    return none(`Java ${java} is too old for the Firestore emulator of firebase-tools.`);
  }
  return none(`Java ${java} is too old for Google's Firestore emulator.`);
};

const none = (reason: string): EmulatorPlan => ({
  kind: 'none',
  advice: [
    `${reason} Install Java ${JAVA_FOR_FIREBASE_TOOLS} or newer:`,
    '  Debian 13, Ubuntu  sudo apt-get install openjdk-21-jre-headless',
    '  Fedora             sudo dnf install java-21-openjdk-headless',
    '  macOS              brew install --cask temurin@21',
    '  Windows            use WSL, as on Ubuntu',
    '  others             https://adoptium.net',
    `Java ${JAVA_FOR_CLOUD_SDK} is enough beside the emulator of the Google Cloud SDK: gcloud components install cloud-firestore-emulator`,
  ].join('\n'),
});
