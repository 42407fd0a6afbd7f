import { SessionError } from 'kb-sessions-contract/errors';
import {
  EMPTY_USER_INFO,
  type PartialUserInfo,
  type UserInfo,
  userInfoSchema,
} from 'kb-sessions-contract/records';

/** The user or program that makes a call. A verified token or code in the same process identifies it, never a payload. */
export type Caller = {
  /** The Firebase Auth uid. */
  user_id: string;
  /** Whether the caller may write answers and act for any owner that it names: an agent, or code in the same process. */
  trusted: boolean;
  /** The e-mail address of the token, which takes precedence over the payload; null without one. */
  email: string | null;
  /** The name of the token, which takes precedence over the payload; null without one. */
  name: string | null;
};

/**
 * The owner for whom a caller acts.
 *
 * @param named the `user_id` of the input, if there is one
 * @throws SessionError `permission-denied` if a caller who is not trusted names an owner
 */
export const resolveOwner = (caller: Caller, named: string | undefined): string => {
  if (named === undefined) return caller.user_id;
  if (caller.trusted) return named;
  throw new SessionError('permission-denied', 'user_id may be named by a trusted caller only', {
    field: 'user_id',
  });
};

/** What is known of the owner when a session is opened. Nothing is known if another caller opens it for the owner. */
export const resolveUserInfo = (caller: Caller, owner: string, input: PartialUserInfo = {}): UserInfo => {
  if (owner !== caller.user_id) return EMPTY_USER_INFO;
  return {
    user_email: caller.email === null ? (input.user_email ?? null) : validOrNull('user_email', caller.email),
    user_name: caller.name === null ? (input.user_name ?? null) : validOrNull('user_name', caller.name),
    company: input.company ?? null,
    division: input.division ?? null,
    user_type: input.user_type ?? null,
  };
};

/** The bounds of a token are those of its provider. A value that a record cannot hold counts as absent. */
const validOrNull = (field: 'user_email' | 'user_name', value: string): string | null =>
  userInfoSchema.shape[field].safeParse(value).success ? value : null;
