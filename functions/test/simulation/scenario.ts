import type { Feedback } from 'kb-sessions-contract/records';
import type { ModelFault } from 'kb-sessions-testing';

/**
 * A session: the one that the user has from the start, that of the other user, one of two that nobody has yet, or the
 * one that the latest answer to the tab named.
 */
export type Target = Named | 'latest';
export type Named = 'own' | 'foreign' | 'new' | 'newer';

export type Trait = 'question' | 'answer' | 'confident' | 'escalates';

/** What a tab calls, and whether it waits for the answer before it goes on. */
export type CallStep = { awaited: boolean } & (
  | { kind: 'create'; session: Named }
  | { kind: 'append'; session: Target; recover: boolean; count: number; trait: Trait }
  /** An earlier append once more; `meddled`: with other content under its ids. */
  | { kind: 'again'; nth: number; meddled: boolean }
  | { kind: 'get'; session: Target; recover: boolean }
  | { kind: 'history' | 'end' | 'escalate'; session: Target }
  | { kind: 'feedback'; nth: number; rating: Feedback }
  | { kind: 'list' }
);

/** What becomes of a tab. */
export type TabStep =
  | { kind: 'wait'; ms: number }
  /** Until the next time that is a multiple of `ms`: tabs that do so go on together. */
  | { kind: 'meet'; ms: number }
  /** Until so long before a session expires, as far as is known now. */
  | { kind: 'expiry'; session: Named; ms: number }
  /** It is closed, whatever it waits for, and opened again on the same storage. */
  | { kind: 'reopen' };

/** What happens to all. */
export type WorldStep =
  /** One instance, or all, cannot reach Firestore for so long. */
  | {
      kind: 'outage';
      instance: number | 'all';
      ms: number;
      how: 'refused' | 'silent' | 'flapping' | 'contended';
    }
  /** An instance dies with all it holds, and another takes its place. `lands`: what it has sent is still carried out. */
  | { kind: 'kill'; instance: number; lands: boolean }
  /** What instances share instead of a journal each is away for so long, or loses all that it holds; where they do. */
  | { kind: 'shared away'; ms: number }
  | { kind: 'shared lost' }
  /** Somebody deletes all that ann has. */
  | { kind: 'erase' }
  /** The scheduled job runs so often at once. */
  | { kind: 'job'; job: Job; times: number };

export type Job = 'sweep' | 'reconcile' | 'erasures';

export type Step = CallStep | TabStep | WorldStep;

/** What a request of a client meets on its way. */
export type Passage =
  | { kind: 'passes' | 'request lost' | 'answer lost' | 'given up' }
  /** The answer takes so long. */
  | { kind: 'answered late'; ms: number };

export type TabPlan = {
  device: number;
  /** The instances its requests go to, in turn. */
  route: number[];
  steps: Step[];
};

/** All that is left to chance in a run, so that it can be repeated and made smaller. */
export type Scenario = {
  /** By instance: how many minutes its clock is ahead, and how many entries its journal takes. */
  instances: { skew: number; entries: number }[];
  /** Whether they share a journal. */
  shared: boolean;
  /** Tabs on one device share its storage. `gone`: after the run nobody opens it again. The agent acts for ann. */
  devices: { user: 'ann' | 'bob' | 'agent'; gone: boolean }[];
  tabs: TabPlan[];
  /** What RPCs meet outside of outages, in the order they are sent; those after the last pass. */
  faults: { reads: ModelFault[]; commits: ModelFault[] };
  passages: Passage[];
  /** After how many milliseconds each new message is delivered to the trigger: once, several times or never. */
  deliveries: number[][];
  /** What the order of turns comes from, and the rest. */
  seed: number;
};

/** The slowest RPC. */
export const LONGEST_MS = 100_000;
