/** What a run of the suite is asked to be. */
export interface SuiteOrder {
  /** The folder with firebase.json. */
  readonly root: string;
  /** The ports of firebase.json, or any free ones. */
  readonly ports: 'configured' | 'free';
  /** Starts with `demo-`, which keeps firebase-tools from ever calling production. */
  readonly projectId: string;
  /** Parameters of the functions for this run alone. */
  readonly params: Readonly<Record<string, string>>;
}

/** `host:port` of each emulator. */
export interface SuiteAddresses {
  readonly auth: string;
  readonly firestore: string;
  readonly functions: string;
  readonly hosting: string;
}

/** What the keeper tells the process that started it. It ends itself once everything it started is gone. */
export type SupervisorMessage =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'ready'; readonly addresses: SuiteAddresses }
  /** One sentence; the suite is about to be stopped. */
  | { readonly kind: 'failed'; readonly message: string };
