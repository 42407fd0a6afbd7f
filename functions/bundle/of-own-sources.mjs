import { decode, encode } from '@jridgewell/sourcemap-codec';

/**
 * A source map (JSON) without the places in packages, which esbuild has no option for. It is read when an error is
 * logged: with them that takes a second and 100 MB.
 */
export const ofOwnSources = (json) => {
  const map = JSON.parse(json);
  const own = map.sources.filter((source) => !source.includes('node_modules/'));
  const places = map.sources.map((source) => own.indexOf(source));
  const mapped = ([column, source, ...place]) =>
    source === undefined || places[source] === -1 ? [column] : [column, places[source], ...place];
  const lines = decode(map.mappings).map((segments) =>
    segments.map(mapped).filter((segment, index, all) => segment.length > 1 || all[index - 1]?.length !== 1),
  );
  return JSON.stringify({ ...map, sources: own, mappings: encode(lines) });
};
