/** A part of a text: `end` is the first character after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A match block that has no other inside. */
interface Leaf {
  readonly path: Span;
  /** What stands between its braces. */
  readonly body: Span;
  /** From `match` to its closing brace. */
  readonly whole: Span;
}

/** What a file of security rules consists of, as far as {@link mutateRules} and {@link readCoverage} ask. */
export interface RulesParts {
  /** Each condition of an allow statement, each result of a function, and each operand in them. */
  readonly conditions: readonly Span[];
  /** The list of methods of each allow statement. */
  readonly methods: readonly Span[];
  readonly leaves: readonly Leaf[];
  /** Where the outermost match block's inside begins. */
  readonly inside: number;
}

/** Reads the part of the language that firestore.rules uses: no nested operators, no strings, no `let`. */
export function readRules(source: string): RulesParts {
  const text = source.replace(/\/\/.*/g, (comment) => ' '.repeat(comment.length));
  const blocks = [...text.matchAll(/match\s+(\/\S+)\s*\{/dg)].map((found) => blockOf(text, found));
  return {
    conditions: [...text.matchAll(/\b(?:if|return)\s+([^;]+);/dg)].flatMap((found) =>
      withOperands(text, spanOf(found, 1)),
    ),
    methods: [...text.matchAll(/\ballow\s+([\w, ]*\w)/dg)].map((found) => spanOf(found, 1)),
    leaves: blocks.filter(({ body }) => !/\bmatch\b/.test(text.slice(body.start, body.end))),
    inside: blocks[0]?.body.start ?? 0,
  };
}

function spanOf(found: RegExpExecArray, group: number): Span {
  const [start, end] = found.indices?.[group] ?? [0, 0];
  return { start, end };
}

function blockOf(text: string, found: RegExpExecArray): Leaf {
  const open = spanOf(found, 0);
  let depth = 1;
  let end = open.end;
  for (; depth > 0; end += 1) {
    if (text[end] === '{') depth += 1;
    if (text[end] === '}') depth -= 1;
    if (end >= text.length) throw new Error('A match block must end, and one does not');
  }
  return {
    path: spanOf(found, 1),
    body: { start: open.end, end: end - 1 },
    whole: { start: open.start, end },
  };
}

// The expression itself, then its operands when it has several.
function withOperands(text: string, whole: Span): Span[] {
  const parts = text.slice(whole.start, whole.end).split(/(\s*(?:&&|\|\|)\s*)/);
  let end = whole.start;
  const spans = parts.map((part) => {
    const start = end;
    end += part.length;
    return { start, end };
  });
  const operands = spans.filter((_, index) => index % 2 === 0);
  if (operands.some(({ start, end }) => !isBalanced(text.slice(start, end))))
    throw new Error(`Operators inside parentheses are not read yet, found ${parts.join('')}`);
  return operands.length === 1 ? operands : [whole, ...operands];
}

function isBalanced(text: string): boolean {
  return text.replaceAll(/[^(]/g, '').length === text.replaceAll(/[^)]/g, '').length;
}
