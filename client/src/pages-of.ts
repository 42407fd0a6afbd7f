/**
 * The pages of a call that gives them one by one, first to last, each asked for when it is wanted:
 * `for await (const page of pagesOf(sessions.exportMyData, { limit: 100 }))`. Where one fails, go on from the page
 * before it: its `next_cursor` is the `cursor` of another `input`.
 */
export async function* pagesOf<
  Input extends { cursor?: string | undefined } | undefined,
  Page extends { next_cursor: string | null },
>(call: (input: Input) => Promise<Page>, input: NoInfer<NonNullable<Input>>): AsyncGenerator<Page, void> {
  let page = await call(input);
  yield page;
  while (page.next_cursor !== null) {
    page = await call({ ...input, cursor: page.next_cursor });
    yield page;
  }
}
