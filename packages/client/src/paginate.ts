import { isSessionsError } from './sessions-error.ts';

/**
 * The pages of a call that gives them one by one, first to last, each asked for when it is wanted:
 * `for await (const page of paginate(sessions.exportMyData, { limit: 100 }))`. Where the server refuses a page with the
 * reason `rate`, it waits as long as that says and asks for the same page again. Any other error ends it: then go on from
 * the page before, whose `next_cursor` is the `cursor` of another `input`.
 *
 * @param wait - resolves after so many milliseconds; where it rejects, the pages end with its error
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
  ask: () => Promise<T>,
  wait: (ms: number) => Promise<void>,
): Promise<T> => {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const ms = isSessionsError(error) && error.reason === 'rate' ? error.retry_after_ms : null;
      if (ms === null) throw error;
      await wait(ms);
    }
  }
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
