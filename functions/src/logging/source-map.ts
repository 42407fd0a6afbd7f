import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';

const BUNDLE_POSITION = /([^\s(]*functions\.cjs):(\d+):(\d+)/;
const sourceMaps = new Map<string, SourceMap | null>();

/**
 * A line of a stack, leading to our source where it led to the bundle that was made of it; any other as it is. The map
 * beside the bundle is read when it is first asked for: Node itself, told to use it, does so at each start, and the
 * Firestore client looks at a stack at each call.
 */
export const mapToSource = (line: string): string =>
  line.replace(BUNDLE_POSITION, (place: string, bundle: string, row: string, column: string) => {
    const written: Partial<SourceMapping> =
      sourceMapOf(bundle)?.findEntry(Number(row) - 1, Number(column) - 1) ?? {};
    const { originalSource, originalLine = 0, originalColumn = 0 } = written;
    // What stands in a package has a place in the bundle alone.
    if (originalSource === undefined) return place;
    return `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
  });

/** Null where there is none that can be read: nothing may fail because an error was to be logged. */
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
