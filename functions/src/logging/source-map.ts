import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';

const BUNDLE_POSITION = /([^\s(]*functions\.cjs):(\d+):(\d+)/;
const sourceMaps = new Map<string, SourceMap | null>();

/**
 * Maps a line of a stack from the bundle to the source. Other lines are returned unchanged. The source map is read at the
 * first mapped line: with `--enable-source-maps` Node would read it at each start, because the Firestore client reads a
 * stack at each call.
 */
export const mapToSource = (line: string): string =>
  line.replace(BUNDLE_POSITION, (position: string, bundle: string, row: string, column: string) => {
    const mapping: Partial<SourceMapping> =
      sourceMapOf(bundle)?.findEntry(Number(row) - 1, Number(column) - 1) ?? {};
    const { originalSource, originalLine = 0, originalColumn = 0 } = mapping;
    // The map has no positions in dependencies.
    if (originalSource === undefined) return position;
    return `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
  });

/** Returns null for a missing or unreadable map: logging an error must not fail. */
const readSourceMap = (file: string): SourceMap | null => {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
};

const sourceMapOf = (bundle: string): SourceMap | null => {
  const known = sourceMaps.get(bundle);
  if (known !== undefined) return known;
  const map = readSourceMap(`${bundle}.map`);
  sourceMaps.set(bundle, map);
  return map;
};
