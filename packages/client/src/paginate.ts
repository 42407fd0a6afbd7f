import { isSessionsError } from './sessions-error.ts';

/**
 * Iterates over the pages of a call, from the first to the last, and requests each page when the loop asks for it. If the
 * server refuses a page with the reason `rate`, it waits `retry_after_ms` and requests the page again. Any other error
 * ends the iteration. To continue after an error, pass the `next_cursor` of the last page as `cursor` of the input.
 *
 * @param call - a call with `cursor` in its input and `next_cursor` in its output
 * @param input - the input of the first page
 * @param wait - resolves after the given number of milliseconds; if it rejects, the iteration ends with its error
 *
 * @example
 * ```ts
 * import { paginate, type SessionsClient } from 'kb-sessions-client';
 *
 * export const exportTable = async (sessions: SessionsClient): Promise<string> => {
 *   const table: string[] = [];
 *   for await (const { csv } of paginate(sessions.exportMyData, { limit: 100, format: 'csv' })) table.push(csv ?? '');
 *   return table.join('');
 * };
 * ```
 */
export async function* paginate<
  Input extends { cursor?: string | undefined } | undefined,
  Page extends { next_cursor: string | null },
>(
  call: (input: Input) => Promise<Page>,
  input: NoInfer<NonNullable<Input>>,
  wait: (ms: number) => Promise<void> = sleep,
): AsyncGenerator<Page, void> {
  let page = await withRateLimitRetry(() => call(input), wait);
  yield page;
  while (page.next_cursor !== null) {
    const next = { ...input, cursor: page.next_cursor };
    page = await withRateLimitRetry(() => call(next), wait);
    yield page;
  }
}

const withRateLimitRetry = async <T>(
  request: () => Promise<T>,
  wait: (ms: number) => Promise<void>,
): Promise<T> => {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      const ms = isSessionsError(error) && error.reason === 'rate' ? error.retry_after_ms : null;
      if (ms === null) throw error;
      await wait(ms);
    }
  }
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
