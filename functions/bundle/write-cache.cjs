'use strict';

const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

// node write-cache.cjs <folder of load.cjs>
const { cacheFile, run, seal } = require(join(process.argv[2], 'load.cjs'));

// Once it has run it knows which functions a start needs, and the cache has these. The name stays in it, too, and must
// not be that of the folder it was made in.
const cache = run({ exports: {} }, 'functions.cjs').createCachedData();
const source = readFileSync(join(process.argv[2], 'functions.cjs'));
writeFileSync(cacheFile, Buffer.concat([cache, seal(cache, source)]));
// What it has opened would keep the process alive.
process.exit();
