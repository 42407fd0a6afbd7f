export interface Example {
  /** The custom claim that its caller needs: what a comment `<!-- admin -->` above it says. */
  readonly claim: string | null;
  readonly code: string;
}

/** The TypeScript of a README, in its order. */
export function readmeExamples(readme: string): Example[] {
  return [...readme.matchAll(/(?:<!-- (\w+) -->\n)?```ts\n([\s\S]*?)```/g)].map(([, claim, code]) => ({
    claim: claim ?? null,
    code: code ?? '',
  }));
}
