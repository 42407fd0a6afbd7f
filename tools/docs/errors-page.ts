import type { SessionsErrorCode } from 'kb-sessions-client/internal/sessions-error';
import type { ErrorDetails, RefusalReason } from 'kb-sessions-contract/errors';

type Row = { meaning: string; action: string };

// The types hold the tables complete: a new code or reason does not compile without its row.

const CODES: Record<SessionsErrorCode, Row | null> = {
  unauthenticated: {
    meaning: 'The call has no valid ID token, or Firebase Auth has revoked it.',
    action: 'Sign the user in, then repeat the call.',
  },
  'permission-denied': {
    meaning: 'The caller lacks the required role: agent or admin.',
    action: 'Do not repeat the call.',
  },
  'invalid-argument': {
    meaning:
      'A field is unknown, missing, of a wrong type or out of bounds. `field` names it. Nothing was written.',
    action: 'Correct the input.',
  },
  'not-found': {
    meaning: 'The caller has no such session or message.',
    action: 'Check the id. With `recover: true` a message goes to a successor instead.',
  },
  'already-exists': {
    meaning: 'Another message has this `message_id`, with other content.',
    action: 'Choose a new `message_id`.',
  },
  'failed-precondition': {
    meaning: 'The state of the session or of the user does not allow the call. `reason` says why.',
    action: 'See the reason.',
  },
  aborted: {
    meaning: 'Too many writers wrote to the session at the same time.',
    action: 'Repeat the call with the same ids. It takes effect once.',
  },
  unavailable: {
    meaning: 'Firestore or another part is unavailable, or the outcome of a write is unknown.',
    action: 'Repeat the call with the same ids. It takes effect once.',
  },
  'resource-exhausted': {
    meaning:
      'A limit is reached. `reason` names it; without a reason the outbox of the client is full and nothing was sent.',
    action: 'Wait `retry_after_ms` milliseconds, end a session, or flush the outbox.',
  },
  cancelled: {
    meaning: 'Another user signed in while the call waited.',
    action: 'Repeat the call for the user who is signed in now.',
  },
  'data-loss': {
    meaning: 'The client cannot read an operation that its outbox holds. `onSettled` reports it.',
    action: 'Tell the user that the message was not sent.',
  },
  unimplemented: { meaning: 'There is no such call.', action: 'Correct the name of the call.' },
  internal: {
    meaning: 'A fault of the server. The outcome is unknown.',
    action: 'Repeat the call with the same ids. Read the log of the functions.',
  },
  unknown: {
    meaning: 'A fault that the Firebase SDK does not classify. The outcome is unknown.',
    action: 'Repeat the call with the same ids.',
  },
  'deadline-exceeded': {
    meaning: 'The Firebase SDK received no answer in time. The outcome is unknown.',
    action: 'Repeat the call with the same ids.',
  },
  // A code of the Firebase SDK that no call fails with.
  'out-of-range': null,
};

const REASONS: Record<NonNullable<ErrorDetails['reason']>, { code: string; meaning: string }> = {
  ended: { code: 'failed-precondition', meaning: 'The owner or an admin ended the session.' },
  expired: {
    code: 'failed-precondition',
    meaning: 'The session expired, and the call did not ask for `recover`.',
  },
  continued: {
    code: 'failed-precondition',
    meaning:
      'The chain of successors is longer than one link. `session_id` is the next session. The client follows it.',
  },
  erased: {
    code: 'failed-precondition',
    meaning: "The user's data was erased. An erased user opens no session again.",
  },
  refused: {
    code: 'failed-precondition',
    meaning:
      'The write was accepted during an outage, and its replay was refused for good. `because` says why.',
  },
  rate: {
    code: 'resource-exhausted',
    meaning: 'Too many calls. `retry_after_ms` and the header `Retry-After` say how long to wait.',
  },
  open_sessions: { code: 'resource-exhausted', meaning: 'The user has too many open sessions.' },
  revoked: {
    code: 'unauthenticated',
    meaning: 'The ID token was revoked, or its user was disabled or deleted.',
  },
};

const REFUSALS: Record<RefusalReason, string> = {
  'not-found':
    'The session did not appear within `JOURNAL_PATIENCE_SECONDS`, and the call did not ask for `recover`.',
  erased: "The user's data was erased meanwhile.",
  invalid: 'The entry cannot be read or stored.',
  failing: 'The replay failed repeatedly while other writes succeeded.',
  open_sessions: 'The user had too many open sessions for as long as the entry could wait.',
};

/** docs/errors.md: every code and reason, from the types that are closed over them. */
export const errorsPage = (): string => {
  const codes = Object.entries(CODES).flatMap(([code, row]) =>
    row === null ? [] : [`| \`${code}\` | ${row.meaning} | ${row.action} |`],
  );
  const reasons = Object.entries(REASONS).map(
    ([reason, { code, meaning }]) => `| \`${reason}\` | \`${code}\` | ${meaning} |`,
  );
  const refusals = Object.entries(REFUSALS).map(([reason, meaning]) => `| \`${reason}\` | ${meaning} |`);
  return [
    '# Errors',
    'Every call of the client fails with a `SessionsError`. Its `code` is one of this closed set. Its message and details ' +
      'hold no content and no identity.',
    [
      '```js',
      "import { isSessionsError } from 'kb-sessions-client';",
      '',
      'try {',
      "  await sessions.addMessage({ session_id, role: 'user', content: 'Are you still there?' });",
      '} catch (error) {',
      '  if (!isSessionsError(error)) throw error;',
      '  console.log(error.code, error.reason); // failed-precondition ended',
      '}',
      '```',
    ].join('\n'),
    '## Codes',
    ['| code | meaning | what to do |', '| --- | --- | --- |', ...codes].join('\n'),
    '## Reasons',
    ['| `reason` | code | meaning |', '| --- | --- | --- |', ...reasons].join('\n'),
    '## Why a replay was refused',
    ['| `because` | meaning |', '| --- | --- |', ...refusals].join('\n'),
  ].join('\n\n');
};
