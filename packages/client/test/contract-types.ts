import type * as contract from 'kb-sessions-contract';
import type * as errors from 'kb-sessions-contract/errors';
import type * as plain from '../src/contract-types.ts';

// Compiled by the gate and never run: the plain types must equal those that the contract's schemas have. A difference is
// an error that names the call.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = T extends (infer E)[] ? Flat<E>[] : T extends object ? { [K in keyof T]: Flat<T[K]> } : T;
type Same<A, B> = Equal<Flat<A>, Flat<B>>;
type AllOf<Checks extends Record<keyof Checks, true>> = Checks;

export type Inputs = AllOf<{
  [Name in contract.CallName]: Same<contract.CallInput<Name>, plain.CallInput<Name>>;
}>;
export type Outputs = AllOf<{
  [Name in contract.CallName]: Same<contract.CallOutput<Name>, plain.CallOutput<Name>>;
}>;
export type Named = AllOf<{
  Receipt: Same<contract.Receipt, plain.Receipt>;
  SessionView: Same<contract.SessionView, plain.SessionView>;
  HistoryMessage: Same<contract.HistoryMessage, plain.HistoryMessage>;
  ExportedMessage: Same<contract.ExportedMessage, plain.ExportedMessage>;
  ExportedSession: Same<contract.ExportedSession, plain.ExportedSession>;
  Metadata: Same<contract.Metadata, plain.Metadata>;
  ErrorCode: Same<errors.ErrorCode, plain.ErrorCode>;
  ErrorDetails: Same<errors.ErrorDetails, plain.ErrorDetails>;
}>;
