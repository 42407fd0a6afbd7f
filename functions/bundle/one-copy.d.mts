import type { Metafile, Plugin } from 'esbuild';

export declare const duplicatesIn: (metafile: Pick<Metafile, 'inputs'> | { inputs: object }) => {
  name: string;
  folders: string[];
}[];
export declare const oneCopy: Plugin;
