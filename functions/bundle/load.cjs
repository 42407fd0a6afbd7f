'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script, constants } = require('node:vm');
const { crc32 } = require('node:zlib');

const filename = join(__dirname, 'functions.cjs');

/**
 * What V8 had compiled of it when it was built, and the seal. Found by the V8 that made it alone, down to Node's own
 * number: V8's check of whether it may take it has failed between these (nodejs/node#62781).
 */
exports.cacheFile = join(
  __dirname,
  `functions.${process.versions.v8}-${process.platform}-${process.arch}.cache`,
);

/**
 * What the file of a cache ends with. Of the source V8 looks at the length alone, and a cache that was damaged ends the
 * process.
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
 * Runs the bundled functions as a module and returns the script. V8 takes from the cache what it has compiled before, and
 * compiles as usual where there is none. Node's own cache of this kind (node:module, enableCompileCache) is found by user
 * and features of the processor, too, which a deployment changes.
 * @param name what V8 calls the script, in stacks and in a cache that is made of it
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
