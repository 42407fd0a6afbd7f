import * as logger from 'firebase-functions/logger';
import { redactError } from '../logging/redact-error.ts';

/**
 * Runs a job or a trigger. The platform logs the message of every error that a function throws, and the messages of
 * drivers may hold paths, ids and content. So the log gets the redacted error, and the platform gets another error, after
 * which it retries.
 * @param name the name of the function
 * @throws Error that holds nothing but the name
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
