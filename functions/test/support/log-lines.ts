export type LogLine = { severity: string; message: string };
export type CallLine = LogLine & {
  call: string;
  outcome: string;
  ms: number;
  refused?: true;
  /** Hashes. */
  user?: string;
  session?: string;
  owner?: string;
};

/** The structured lines of what an instance wrote, without a last line that is not complete yet. */
export const linesIn = (output: string): LogLine[] =>
  output
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line): LogLine => JSON.parse(line));

export const callsIn = (output: string): CallLine[] =>
  linesIn(output).filter((line): line is CallLine => line.message === 'call');
