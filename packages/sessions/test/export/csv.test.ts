import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import {
  type ExportedMessage,
  type ExportedSession,
  MESSAGE_FIELDS,
  SESSION_FIELDS,
} from 'kb-sessions-contract/export-schema';
import { toCsv } from '../../src/export/csv.ts';
import { testSize } from '../../src/testing/test-size.ts';
import { messageOf, sessionOf } from '../fixtures/records.ts';

const pick = <Picked extends object>(record: Picked, fields: string[]): Picked =>
  Object.fromEntries(Object.entries(record).filter(([field]) => fields.includes(field))) as Picked;
const exportedSession = (fields: Partial<ExportedSession> = {}): ExportedSession =>
  pick(sessionOf(fields), SESSION_FIELDS);
const exportedMessage = (fields: Partial<ExportedMessage> = {}): ExportedMessage =>
  pick(messageOf(fields), MESSAGE_FIELDS);

const page = (sessions: ExportedSession[], messages: ExportedMessage[]) => ({ sessions, messages });
/** As spreadsheets read it: whatever ends a line outside of quotes ends a row. */
const rowsOf = (csv: string): Record<string, string>[] =>
  parse(csv, { columns: true, record_delimiter: ['\r\n', '\n', '\r'] });

/** Blanks, then what begins a formula in some spreadsheet; or a control that some take for the end of a cell. */
const DANGEROUS = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/;

describe('toCsv()', () => {
  it('returns one table whose column "record" distinguishes sessions from messages', () => {
    const session = exportedSession({ message_count: 2, user_name: 'Thandi "T" Ndlovu, Durban' });
    const message = exportedMessage({ metadata: { topics: ['erf'] }, content: 'first line\r\nsecond' });
    const csv = toCsv(page([session], [message]), { heading: true });
    const [one, two, ...more] = rowsOf(csv);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [one?.record, one?.session_id, one?.message_count, one?.user_name, one?.fallback, one?.content],
      ['session', session.session_id, '2', session.user_name, 'false', ''],
    );
    assert.deepEqual(
      [two?.record, two?.message_id, two?.content, two?.metadata, two?.feedback, two?.status],
      ['message', message.message_id, message.content, '{"topics":["erf"]}', '', ''],
    );
  });

  it('gives every field of both records one column', () => {
    const heading = toCsv(page([], []), { heading: true });
    assert.ok(heading.endsWith('\r\n'));
    const columns = heading.trimEnd().split(',');
    assert.deepEqual(new Set(columns), new Set(['record', ...SESSION_FIELDS, ...MESSAGE_FIELDS]));
    assert.equal(columns.length, new Set(columns).size);
  });

  it('writes the heading only on request, so that pages can be concatenated', () => {
    const first = toCsv(page([exportedSession()], []), { heading: true });
    const second = toCsv(page([], [exportedMessage()]), { heading: false });
    assert.deepEqual(
      rowsOf(first + second + toCsv(page([], []), { heading: false })).map(({ record }) => record),
      ['session', 'message'],
    );
  });

  for (const text of [
    '=1+1',
    '+1',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\nx',
    ' =HYPERLINK("http://x")',
    '\u00a0\n @SUM(A1)',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '"=1',
  ])
    it(`escapes a cell that would be a formula: ${JSON.stringify(text)}`, () => {
      const messages = [exportedMessage({ content: text, feedback_comment: text })];
      const [row] = rowsOf(toCsv(page([exportedSession({ user_name: text })], messages), { heading: true }));
      assert.equal(row?.user_name, DANGEROUS.test(text) ? `'${text}` : text);
      assert.doesNotMatch(row?.user_name ?? '', DANGEROUS);
    });

  it('keeps numbers as numbers, including negative ones', () => {
    const [row] = rowsOf(toCsv(page([], [exportedMessage({ seq: -3 })]), { heading: true }));
    assert.equal(row?.seq, '-3');
  });

  it('accepts records of an unknown form', () => {
    const poison: Record<string, unknown> = {
      content: { a: [1] },
      seq: 'Infinity',
      metadata: '=1',
      role: true,
    };
    const message = { ...exportedMessage(), ...poison } as ExportedMessage;
    const [row] = rowsOf(toCsv(page([], [message]), { heading: true }));
    assert.deepEqual(
      [row?.content, row?.seq, row?.metadata, row?.role],
      ['{"a":[1]}', 'Infinity', "'=1", 'true'],
    );
  });

  it('preserves every text except for the apostrophe, and never produces a formula', () => {
    const risky = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      ' ',
      "'",
      '"',
      ',',
      ';',
      '＝',
      '＠',
      'é',
    );
    const text = fc.oneof(fc.string({ unit: risky, maxLength: 6 }), fc.string({ unit: 'binary' }));
    const nullable = fc.option(text);
    const record = fc.record({
      content: text,
      comment: nullable,
      name: nullable,
      metadata: fc.dictionary(text, fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }))),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        const sessions = records.map(({ name }) => exportedSession({ user_name: name, company: name }));
        const messages = records.map(({ content, comment, metadata }) =>
          exportedMessage({ content, feedback_comment: comment, metadata }),
        );
        const rows = rowsOf(toCsv(page(sessions, messages), { heading: true }));
        const expected = [
          ...sessions.map((session) => ({ record: 'session', ...session })),
          ...messages.map((message) => ({ record: 'message', ...message })),
        ];
        assert.equal(rows.length, expected.length);
        for (const [index, row] of rows.entries()) {
          const wanted = new Map<string, unknown>(Object.entries(expected[index] ?? {}));
          for (const [column, cell] of Object.entries(row)) {
            assert.doesNotMatch(cell, DANGEROUS);
            const value = wanted.get(column) ?? '';
            const plain = typeof value === 'object' ? JSON.stringify(value) : String(value);
            assert.equal(cell, DANGEROUS.test(plain) ? `'${plain}` : plain);
          }
        }
      }),
      { numRuns: testSize({ test: 100, soak: 500 }) },
    );
  });

  it('ends its lines with CRLF', () => {
    const csv = toCsv(page([exportedSession()], [exportedMessage({ content: 'no line' })]), {
      heading: true,
    });
    assert.deepEqual(csv.split('\r\n').length, 4);
    assert.doesNotMatch(csv.replaceAll('\r\n', ''), /[\r\n]/);
  });
});
