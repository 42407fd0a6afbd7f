/** What the supervisor runs. */
export type SuiteRequest = {
  /** The folder with firebase.json. */
  root: string;
  /** The ports of firebase.json, or any free ones. */
  ports: 'configured' | 'free';
  /** Starts with `demo-`, which keeps firebase-tools from ever calling production. */
  projectId: string;
  /** Params of the functions for this run. */
  params: Readonly<Record<string, string>>;
};

/** `host:port` of each emulator. */
export type SuiteAddresses = {
  auth: string;
  firestore: string;
  functions: string;
  hosting: string;
};

/** A message of the supervisor to the process that started it. It ends once everything that it started has ended. */
export type SupervisorMessage =
  | { kind: 'line'; line: string }
  | { kind: 'ready'; addresses: SuiteAddresses }
  /** The reason, in one sentence, for which the supervisor now stops the suite. */
  | { kind: 'failed'; message: string };
