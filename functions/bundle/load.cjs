'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script, constants } = require('node:vm');

const filename = join(__dirname, 'functions.cjs');

/** What V8 has compiled of it when it was built. */
exports.cacheFile = join(__dirname, 'functions.cache');

/**
 * Runs the bundled functions as a module and returns the script. V8 takes from the cache what it has compiled before, if
 * that is of its own version, and compiles as usual otherwise. Node's own cache of this kind is found by the folder of one
 * user on one kind of processor (node:module, enableCompileCache), so a deployment would leave it behind.
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
