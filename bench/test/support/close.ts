import assert from 'node:assert/strict';

/** Fails unless a number is what it must be but for rounding. */
export function close(found: number | undefined, wanted: number, what: string): void {
  assert.ok(
    found !== undefined && Math.abs(found - wanted) <= 1e-9 * Math.abs(wanted),
    `${what} must be ${wanted}, found ${found}`,
  );
}
