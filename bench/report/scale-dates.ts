import type { Conditions } from './conditions.ts';

interface Dated {
  readonly benchmark: string;
  readonly conditions: Pick<Conditions, 'date'>;
}

/** On which day each of the measurements was made that docs/scale.md is computed from. */
export function scaleDates(measurements: readonly Dated[]): string {
  const days = Map.groupBy(measurements, ({ conditions }) => conditions.date);
  const found = [...days].map(([day, made]) => {
    const names = made.map(({ benchmark }) => `\`${benchmark}\``);
    return `${names.join(', ')} on ${day}`;
  });
  return `Measured: ${found.join('; ')}.`;
}
