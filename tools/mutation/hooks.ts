import { realpathSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Stryker's mocha runner requires files of mocha without their extension, and in mocha 12 they end in .cjs.
const { extensions } = createRequire(import.meta.url);
extensions['.cjs'] = extensions['.js'];

/** Stryker works in a copy of the project whose node_modules is a link: the workspaces in it lead back to the original. */
const copy = join(import.meta.dirname, '../..');
const original = dirname(realpathSync(join(copy, 'node_modules')));
const folderUrl = (folder: string): string => pathToFileURL(join(folder, 'packages/')).href;
const [copied, linked] = [folderUrl(copy), folderUrl(original)];

/** No emulator is fast enough for thousands of runs: the tests of its harness run on the model of Firestore. */
const onModel = pathToFileURL(join(copy, 'functions/test/simulation/firestore-on-model.ts')).href;

registerHooks({
  resolve: (specifier, context, next) => {
    if (/\/support\/firestore-harness\.ts$/.test(specifier)) return next(onModel, context);
    const resolved = next(specifier, context);
    return resolved.url.startsWith(linked)
      ? { ...resolved, url: resolved.url.replace(linked, copied) }
      : resolved;
  },
});
