import { spawnSync } from 'node:child_process';

/** Whether this machine has a redis-server, as Debian's package of that name installs it. */
export const isRedisInstalled = (): boolean =>
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
