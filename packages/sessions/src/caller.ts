import { SessionError } from 'kb-sessions-contract/errors';
import {
  EMPTY_USER_INFO,
  type PartialUserInfo,
  type UserInfo,
  userInfoSchema,
} from 'kb-sessions-contract/records';

/** Who calls. Identity comes from a verified token or from code in process, never from a payload. */
export type Caller = {
  user_id: string;
  /** May answer, and act for the owner of any session it names: an agent, or code in process. */
  trusted: boolean;
  /** From the token; where it has them the payload's are ignored. */
  email: string | null;
  name: string | null;
};

/** The owner a call acts for. @throws SessionError `permission-denied` when an untrusted caller names one. */
export const resolveOwner = (caller: Caller, named: string | undefined): string => {
  if (named === undefined) return caller.user_id;
  if (caller.trusted) return named;
  throw new SessionError('permission-denied', 'user_id may be named by a trusted caller only', {
    field: 'user_id',
  });
};

/** What is known of the owner when a session is opened: nothing, if somebody else opens it. */
export const resolveUserInfo = (caller: Caller, owner: string, given: PartialUserInfo = {}): UserInfo => {
  if (owner !== caller.user_id) return EMPTY_USER_INFO;
  return {
    user_email: caller.email === null ? (given.user_email ?? null) : fitting('user_email', caller.email),
    user_name: caller.name === null ? (given.user_name ?? null) : fitting('user_name', caller.name),
    company: given.company ?? null,
    division: given.division ?? null,
    user_type: given.user_type ?? null,
  };
};

/** Providers bound what is in a token as they like; what a record cannot hold counts as absent. */
const fitting = (field: 'user_email' | 'user_name', text: string): string | null =>
  userInfoSchema.shape[field].safeParse(text).success ? text : null;
