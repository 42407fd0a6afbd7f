import { stringify } from 'csv-stringify/sync';
import {
  type ExportedMessage,
  type ExportedSession,
  MESSAGE_FIELDS,
  SESSION_FIELDS,
} from 'kb-sessions-contract/export-schema';

const COLUMNS = ['record', ...new Set([...SESSION_FIELDS, ...MESSAGE_FIELDS])];

/** What csv-stringify does not look for: spreadsheets skip blanks before a formula. */
const formulaAfterBlanks = /^(\n|\s+[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/;

/**
 * A page of an export as a table for spreadsheets (RFC 4180: commas, CRLF): a row for each session and message, which
 * the column `record` tells apart; what a record does not have is empty, metadata is JSON. Text that a spreadsheet
 * could take for a formula begins with an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection); numbers
 * are left alone.
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
      // Or a line feed in a text would begin a row, which may be a formula.
      quote_record_delimiter: true,
      escape_formulas: true,
      cast: {
        boolean: String,
        string: (text) => (formulaAfterBlanks.test(text) ? `'${text}` : text),
      },
    },
  );
