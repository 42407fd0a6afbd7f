import { redactError } from './redact-error.ts';

const printError = console.error;

/** body-parser's errors have these, and the body that it could not read beside them. */
const isBodyParserError = (value: unknown): boolean =>
  value instanceof Error && 'type' in value && 'expose' in value;

/**
 * functions-framework prints an error for each request that it cannot read, before any of our code runs, and with it the
 * whole body. Once this is imported it is one line that says what was wrong with it and nothing of what was in it.
 */
console.error = (...given: unknown[]): void => {
  const error = given.find(isBodyParserError);
  if (error === undefined) printError(...given);
  else
    printError(
      JSON.stringify({ severity: 'WARNING', message: 'unreadable request', error: redactError(error) }),
    );
};
