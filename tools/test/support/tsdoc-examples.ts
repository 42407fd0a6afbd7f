/** An `@example` of a public function. */
export type TsdocExample = { line: number; code: string };

/** The ```ts blocks of the `@example`s in the comments of a source file. */
export const tsdocExamples = (source: string): TsdocExample[] =>
  [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(({ 0: comment, index }) => {
    const start = comment.indexOf('@example');
    if (start === -1) return [];
    const text = comment.slice(start).replaceAll(/^[ \t]*\* ?/gm, '');
    const line = source.slice(0, index + start).split('\n').length;
    return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => ({ line, code }));
  });
