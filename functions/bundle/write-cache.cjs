'use strict';

const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

// node write-cache.cjs <folder of load.cjs>
const { cacheFile, run } = require(join(process.argv[2], 'load.cjs'));

// Once it has run it knows which functions a start needs, and the cache has these.
const script = run({ exports: {} });
writeFileSync(cacheFile, script.createCachedData());
// What it has opened would keep the process alive.
process.exit();
