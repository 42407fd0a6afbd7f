'use strict';

require('./load.cjs').run(module);
