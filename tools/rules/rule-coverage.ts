import { isObject } from '../support/is-object.ts';
import { readRules } from './read-rules.ts';

/** How often a condition of the rules came out as what; an error refuses like false. */
export interface ConditionCoverage {
  readonly line: number;
  readonly condition: string;
  readonly true: number;
  readonly false: number;
  readonly errors: number;
}

/** What the emulator at FIRESTORE_EMULATOR_HOST has seen of each condition of the project's rules. */
export async function readCoverage(projectId: string, rules: string): Promise<ConditionCoverage[]> {
  const host = process.env.FIRESTORE_EMULATOR_HOST;
  const response = await fetch(`http://${host}/emulator/v1/projects/${projectId}:ruleCoverage`);
  const body: unknown = await response.json();
  const seen = isObject(body) ? nodesOf(body.report) : [];
  return readRules(rules).conditions.map(({ start, end }) => {
    // The emulator's end is the last character, and of a call the one before its closing parenthesis.
    const node = seen.find((one) => one.start === start && [end - 1, end - 2].includes(one.end));
    const count = (value: boolean | null) =>
      (node?.outcomes ?? []).reduce((sum, one) => (one.value === value ? sum + one.count : sum), 0);
    return {
      line: rules.slice(0, start).split('\n').length,
      condition: rules.slice(start, end),
      true: count(true),
      false: count(false),
      errors: count(null),
    };
  });
}

/** The coverage as a table. */
export function coverageText(covered: readonly ConditionCoverage[]): string {
  const width = Math.max(...covered.map(({ condition }) => condition.length));
  const number = (count: number) => String(count).padStart(6);
  return [
    `${'line'.padEnd(6)}${'condition'.padEnd(width)}   true  false errors`,
    ...covered.map(
      (one) =>
        `${String(one.line).padEnd(6)}${one.condition.padEnd(width)} ${number(one.true)} ${number(one.false)} ${number(one.errors)}`,
    ),
  ].join('\n');
}

interface Node {
  readonly start: number;
  readonly end: number;
  /** Null stands for an error. */
  readonly outcomes: readonly { readonly value: boolean | null; readonly count: number }[];
}

function nodesOf(report: unknown): Node[] {
  if (!Array.isArray(report)) return [];
  return report.filter(isObject).flatMap(({ sourcePosition, values, children }) => {
    const { currentOffset, endOffset } = isObject(sourcePosition) ? sourcePosition : {};
    const outcomes = Array.isArray(values) ? values.filter(isObject).map(outcomeOf) : [];
    return [{ start: Number(currentOffset), end: Number(endOffset), outcomes }, ...nodesOf(children)];
  });
}

function outcomeOf({ value, count }: Readonly<Record<string, unknown>>) {
  const bool = isObject(value) ? value.boolValue : undefined;
  return { value: typeof bool === 'boolean' ? bool : null, count: Number(count) };
}
