/** A code block of a page in Markdown. */
export type Example = {
  /** The custom claim that its caller needs: what a comment `<!-- admin -->` above it says. */
  claim: string | null;
  code: string;
};

/** The TypeScript blocks of a page, in their order. */
export const docExamples = (markdown: string): Example[] =>
  [...markdown.matchAll(/(?:<!-- (\w+) -->\n)?```ts\n([\s\S]*?)```/g)].map(([, claim, code = '']) => ({
    claim: claim ?? null,
    code,
  }));

/** Where the first program of the README finds the emulators, and where those of a test are. */
export type Addresses = { auth: string; functions: string; projectId: string };

const DOCUMENTED = { auth: '127.0.0.1:9099', functions: "'127.0.0.1', 5001", projectId: 'demo-kb-sessions' };

/** The program with the addresses of a running suite. @throws Error where it does not name the documented ones */
export const atAddresses = (program: string, { auth, functions, projectId }: Addresses): string => {
  const [host = '', port = ''] = functions.split(':');
  const actual = { auth, functions: `'${host}', ${port}`, projectId };
  return Object.entries(DOCUMENTED).reduce((text, [name, documented]) => {
    if (!text.includes(documented)) throw new Error(`the first program must name ${documented}`);
    return text.replaceAll(documented, actual[name as keyof typeof actual]);
  }, program);
};
