import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from '../host/free-port.ts';
import { withTimeout } from '../host/with-timeout.ts';

const START_DEADLINE_MS = 10_000;
/** Ends redis-server when whoever holds the other end of stdin is gone, however that came, and clears up. */
const KEEPER = `
  exec 3<&0 2>&1
  trap '' PIPE
  folder=$(mktemp -d -t redis-XXXXXX)
  redis-server "$@" --dir "$folder" &
  redis=$!
  echo "pid $redis"
  { cat <&3; kill -9 $redis; } >/dev/null 2>&1 &
  wait $redis
  rm -r "$folder"
`;

/** A redis-server of its own, without persistence, on 127.0.0.1. */
export type RedisServer = {
  url: string;
  port: number;
  /** From now on it takes connections and commands, but answers nothing. */
  pause(): void;
  /** Now it does what it was asked for in the meantime. */
  resume(): void;
  /** Ends it in the middle of whatever it does; its data are gone. */
  stop(): Promise<void>;
};

/** Starts a redis-server, on a free port unless one is given, and resolves when it answers. It ends with this process at the latest. */
export const startRedis = async (given?: number): Promise<RedisServer> => {
  const port = given ?? (await freePort());
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const keeper = spawn('sh', ['-c', KEEPER, 'keeper', ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(keeper, 'close');

  let pid = 0;
  let output = '';
  const started = async () => {
    for await (const line of createInterface(keeper.stdout)) {
      output += `${line}\n`;
      pid ||= Number(/^pid (\d+)$/.exec(line)?.[1] ?? 0);
      if (line.includes('Ready to accept connections')) return true;
    }
    return false;
  };
  const stop = async () => {
    keeper.stdin.end();
    await ended;
  };
  if (!(await withTimeout(START_DEADLINE_MS, started()))) {
    await stop();
    throw new Error(`start of redis-server on port ${port} failed:\n${output}`);
  }
  keeper.stdout.resume();

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pause: () => process.kill(pid, 'SIGSTOP'),
    resume: () => process.kill(pid, 'SIGCONT'),
    stop,
  };
};
