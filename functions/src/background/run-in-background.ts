import * as logger from 'firebase-functions/logger';
import { redactError } from '../logging/redact-error.ts';

/**
 * Runs what no caller waits for. The platform logs the text of what a function throws, and a driver's text may hold paths,
 * ids and content: so the log gets what {@link redactError} leaves, and the platform an error to retry by.
 * @throws Error that names the function and nothing else
 */
export const runInBackground = async (name: string, run: () => Promise<unknown>): Promise<void> => {
  try {
    await run();
  } catch (error) {
    const cause: unknown = Object(error).cause ?? error;
    logger.write({ severity: 'ERROR', message: 'job.failed', job: name, error: redactError(cause) });
    throw new Error(`${name} failed, see job.failed in the log`);
  }
};
