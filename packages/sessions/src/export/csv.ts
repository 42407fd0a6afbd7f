import { stringify } from 'csv-stringify/sync';
import {
  type ExportedMessage,
  type ExportedSession,
  MESSAGE_FIELDS,
  SESSION_FIELDS,
} from 'kb-sessions-contract/export-schema';

const COLUMNS = ['record', ...new Set([...SESSION_FIELDS, ...MESSAGE_FIELDS])];

/** Formulas that csv-stringify does not escape: spreadsheets skip white space before a formula. */
const FORMULA_AFTER_SPACE = /^(\n|\s+[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/;

/**
 * A page of an export as a table for spreadsheets (RFC 4180: commas, CRLF), with one row per session and message. The
 * column `record` tells them apart. A field that a record lacks is empty; metadata is JSON. Text that a spreadsheet could
 * take for a formula starts with an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection); numbers stay as
 * they are.
 *
 * @param options `heading`: whether the table starts with the names of the columns
 * @example
 * ```ts
 * import { toCsv } from 'kb-sessions';
 * import { exportPage, type FirestoreContext } from 'kb-sessions/firestore';
 *
 * export const firstPage = async (context: FirestoreContext, owner: string): Promise<string> =>
 *   toCsv(await exportPage(context, { owner, limit: 100, cursor: null }), { heading: true });
 * ```
 */
export const toCsv = (
  { sessions, messages }: { sessions: ExportedSession[]; messages: ExportedMessage[] },
  { heading }: { heading: boolean },
): string =>
  stringify(
    [
      ...sessions.map((session) => ({ record: 'session', ...session })),
      ...messages.map((message) => ({ record: 'message', ...message })),
    ],
    {
      columns: COLUMNS,
      header: heading,
      record_delimiter: '\r\n',
      // Without it, a line feed in a text would begin a row, which may be a formula.
      quote_record_delimiter: true,
      escape_formulas: true,
      cast: {
        boolean: String,
        string: (text) => (FORMULA_AFTER_SPACE.test(text) ? `'${text}` : text),
      },
    },
  );
