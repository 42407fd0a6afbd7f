'use strict';

const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');

// node write-cache.cjs <folder of load.cjs>
const { cacheFile, run, seal } = require(join(process.argv[2], 'load.cjs'));

// V8 forgets what it has compiled and not run for a while, when it collects garbage: that would be chance. It takes a cache
// made with this flag for that of another version, so it is as ever when the cache is made.
setFlagsFromString('--no-flush-bytecode');
// Once it has run it knows which functions a start needs, and the cache has these. The name stays in it, too, and must
// not be that of the folder it was made in.
const script = run({ exports: {} }, 'functions.cjs');
setFlagsFromString('--flush-bytecode');
const cache = script.createCachedData();
const source = readFileSync(join(process.argv[2], 'functions.cjs'));
writeFileSync(cacheFile, Buffer.concat([cache, seal(cache, source)]));
// What it has opened would keep the process alive.
process.exit();
