import { execFileSync } from 'node:child_process';

/** The processes of this machine whose command line or environment holds the text. */
export function processesWith(text: string): string[] {
  const all = execFileSync('ps', ['axeww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return all.split('\n').filter((line) => line.includes(text));
}
