'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script, constants } = require('node:vm');
const { crc32 } = require('node:zlib');

const filename = join(__dirname, 'functions.cjs');

/**
 * The code that V8 compiled at the build, and its seal. The name holds the exact version of V8 with Node's own suffix,
 * because V8's check of compatibility has failed between such versions (nodejs/node#62781).
 */
exports.cacheFile = join(
  __dirname,
  `functions.${process.versions.v8}-${process.platform}-${process.arch}.cache`,
);

/**
 * The last bytes of a cache file: a checksum of the source and the cache. V8 only compares the length of the source, and a
 * damaged cache ends the process.
 */
exports.seal = (cache, source) => {
  const seal = Buffer.alloc(4);
  seal.writeUInt32LE(crc32(cache, crc32(source)));
  return seal;
};

const cacheOf = (source) => {
  if (!existsSync(exports.cacheFile)) return undefined;
  const file = readFileSync(exports.cacheFile);
  const cache = file.subarray(0, -4);
  return file.subarray(-4).equals(exports.seal(cache, source)) ? cache : undefined;
};

/**
 * Runs the bundled functions as a module and returns the script. V8 uses the code in the cache, and compiles as usual
 * without a cache. Node's own compile cache (node:module, enableCompileCache) also depends on the user and on the features
 * of the processor, which differ after a deployment.
 * @param name the name of the script in stacks and in the cache that is made of it
 */
exports.run = (module, name = filename) => {
  const source = readFileSync(filename);
  const script = new Script(source.toString('latin1'), {
    filename: name,
    cachedData: cacheOf(source),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  script.runInThisContext()(module.exports, require, module, filename, __dirname);
  return script;
};
