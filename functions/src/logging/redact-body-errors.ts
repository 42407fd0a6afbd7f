import { redactError } from './redact-error.ts';

const printError = console.error;

/** Errors of body-parser have these properties, and also hold the body that could not be read. */
const isBodyParserError = (value: unknown): boolean =>
  value instanceof Error && 'type' in value && 'expose' in value;

/**
 * functions-framework prints each request that it cannot read, with its whole body, before it calls a function. Importing
 * this module replaces that output by one line that names the error and holds nothing of the body.
 */
console.error = (...values: unknown[]): void => {
  const error = values.find(isBodyParserError);
  if (error === undefined) printError(...values);
  else
    printError(
      JSON.stringify({ severity: 'WARNING', message: 'unreadable request', error: redactError(error) }),
    );
};
