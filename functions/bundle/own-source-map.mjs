import { posix } from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';

/**
 * Removes the mappings of dependencies from a source map (JSON), and names each source by its path from the root of the
 * repository. esbuild has no option for this. The map is read when an error is logged: with the mappings of the
 * dependencies that takes a second and 100 MB.
 */
export const ownSourceMap = (json) => {
  const map = JSON.parse(json);
  const own = map.sources.filter((source) => !source.includes('node_modules/'));
  const indexes = map.sources.map((source) => own.indexOf(source));
  const mapped = ([column, source, ...position]) =>
    source === undefined || indexes[source] === -1 ? [column] : [column, indexes[source], ...position];
  const lines = decode(map.mappings).map((segments) =>
    segments.map(mapped).filter((segment, index, all) => segment.length > 1 || all[index - 1]?.length !== 1),
  );
  const sources = own.map((source) => posix.join('functions/lib', source));
  return JSON.stringify({ ...map, sources, mappings: encode(lines) });
};
