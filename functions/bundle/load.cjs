'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script, constants } = require('node:vm');

const filename = join(__dirname, 'functions.cjs');

/**
 * What V8 had compiled of it when it was built. Found by the very Node that made it alone: V8's own check of whether it may
 * take it has failed between releases (nodejs/node#62781).
 */
exports.cacheFile = join(__dirname, `functions.${process.version}-${process.platform}-${process.arch}.cache`);

/**
 * Runs the bundled functions as a module and returns the script. V8 takes from the cache what it has compiled before, and
 * compiles as usual where there is none. Node's own cache of this kind (node:module, enableCompileCache) is found by user
 * and features of the processor, too, which a deployment changes.
 */
exports.run = (module) => {
  const script = new Script(readFileSync(filename, 'latin1'), {
    filename,
    cachedData: existsSync(exports.cacheFile) ? readFileSync(exports.cacheFile) : undefined,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  script.runInThisContext()(module.exports, require, module, filename, __dirname);
  return script;
};
