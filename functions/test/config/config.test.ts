import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { readConfig } from '../../src/config/config.ts';
import { params } from '../../src/config/params.ts';

const committed = parseEnv(await readFile(new URL('../../.env', import.meta.url), 'utf8'));

/** What `readConfig` makes of the committed values with these in their place; null leaves one out. */
const configWith = (values: Record<string, string | null>) => {
  const before = { ...process.env };
  Object.assign(process.env, committed);
  for (const [name, value] of Object.entries(values)) {
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  }
  try {
    return readConfig();
  } finally {
    process.env = before;
  }
};

const MEGABYTE = 1024 * 1024;
const numbers = Object.values(params).flatMap((param) => (param.kind === 'integer' ? [param.name] : []));

describe('the parameters', () => {
  it('appear in functions/.env with their defaults, without any other variable', () => {
    const declared = Object.values(params).map((param) => [param.name, String(param.default)]);
    assert.deepEqual({ ...committed }, Object.fromEntries(declared));
  });
});

describe('readConfig()', () => {
  it('returns the defaults of the design in the units of the plans', () => {
    assert.deepEqual(configWith({}), {
      limits: {
        idleTimeoutMs: 120 * 60_000,
        lifetimeMs: 24 * 60 * 60_000,
        touchIntervalMs: 60_000,
        retentionMs: 30 * 24 * 60 * 60_000,
        messagesPerSession: 50,
        recentMessages: 20,
        expiryShards: 8,
        analyticsShards: 10,
        openSessionsPerUser: 100,
      },
      deadlineMs: 2000,
      breaker: { failures: 3, probeAfterMs: 5000 },
      cache: { sessions: 5000, bytes: 32 * MEGABYTE },
      journal: {
        entries: 10_000,
        bytes: 32 * MEGABYTE,
        perOwner: { entries: 1000, bytes: 4 * MEGABYTE },
        gracePeriodMs: 60_000,
        redisUrl: null,
      },
      rateLimits: { userCalls: 300, addressCalls: 3000 },
      trustedProxies: 1,
      logSalt: null,
      ownersMayAnswer: false,
      database: '(default)',
    });
  });

  it('reads a separate value for every parameter', () => {
    const other = numbers.map((name, index) => [name, String(20 + index)]);
    const { limits, deadlineMs, breaker, cache, journal, ownersMayAnswer, database, ...others } = configWith({
      ...Object.fromEntries(other),
      TRUSTED_PROXIES: '3',
      OWNERS_MAY_ANSWER: 'true',
      DATABASE_ID: 'chat',
      REDIS_URL: 'redis://localhost',
      LOG_SALT: 'salt',
    });
    assert.deepEqual(limits, {
      idleTimeoutMs: 20_000,
      lifetimeMs: 21_000,
      touchIntervalMs: 22_000,
      retentionMs: 23 * 24 * 60 * 60_000,
      messagesPerSession: 24,
      recentMessages: 25,
      expiryShards: 26,
      analyticsShards: 27,
      openSessionsPerUser: 28,
    });
    assert.deepEqual(breaker, { failures: 30, probeAfterMs: 31_000 });
    assert.deepEqual(cache, { sessions: 32, bytes: 33 * MEGABYTE });
    assert.deepEqual(journal, {
      entries: 34,
      bytes: 35 * MEGABYTE,
      perOwner: { entries: 36, bytes: 37 * MEGABYTE },
      gracePeriodMs: 38_000,
      redisUrl: 'redis://localhost',
    });
    assert.deepEqual([deadlineMs, ownersMayAnswer, database], [29, true, 'chat']);
    assert.deepEqual(others, {
      rateLimits: { userCalls: 39, addressCalls: 40 },
      trustedProxies: 3,
      logSalt: 'salt',
    });
  });

  const bounds: Record<string, [number, number]> = {
    IDLE_TIMEOUT_SECONDS: [1, 30 * 86_400],
    LIFETIME_SECONDS: [1, 365 * 86_400],
    TOUCH_SECONDS: [0, 86_400],
    RETENTION_DAYS: [1, 3650],
    MESSAGES_PER_SESSION: [10, 1_000_000],
    RECENT_MESSAGES: [1, 50],
    EXPIRY_SHARDS: [1, 1000],
    ANALYTICS_SHARDS: [1, 1000],
    RPC_DEADLINE_MS: [10, 60_000],
    BREAKER_FAILURES: [1, 100],
    BREAKER_PROBE_SECONDS: [1, 300],
    CACHE_SESSIONS: [1, 1_000_000],
    CACHE_MEGABYTES: [1, 4096],
    JOURNAL_ENTRIES: [1, 1_000_000],
    JOURNAL_MEGABYTES: [1, 4096],
    JOURNAL_PATIENCE_SECONDS: [1, 3600],
    JOURNAL_USER_ENTRIES: [1, 1_000_000],
    JOURNAL_USER_MEGABYTES: [1, 4096],
    OPEN_SESSIONS_PER_USER: [0, 10_000],
    USER_CALLS_PER_MINUTE: [1, 1_000_000],
    ADDRESS_CALLS_PER_MINUTE: [1, 1_000_000],
    TRUSTED_PROXIES: [0, 10],
  };
  for (const [name, [min, max]] of Object.entries(bounds)) {
    it(`accepts ${name} from ${min} to ${max} and names it outside this range`, () => {
      for (const value of [min, max]) configWith({ [name]: String(value) });
      for (const value of [min - 1, max + 1, -1e9]) {
        assert.throws(() => configWith({ [name]: String(value) }), {
          message: `${name} must be a whole number from ${min} to ${max}, found ${value}`,
        });
      }
    });
  }

  it('has limits for every number', () => {
    assert.deepEqual(Object.keys(bounds).sort(), [...numbers].sort());
  });

  for (const name of numbers) {
    it(`names ${name} when it is missing or not a whole number`, () => {
      for (const value of [null, '', 'many', '20.5', '20 minutes', '2e1']) {
        assert.throws(() => configWith({ [name]: value }), new RegExp(`^Error: ${name} must be`), `${value}`);
      }
    });
  }

  it('names DATABASE_ID when it is missing or empty', () => {
    for (const value of [null, '']) {
      assert.throws(() => configWith({ DATABASE_ID: value }), /^Error: DATABASE_ID must not be empty/);
    }
  });

  it('names an invalid REDIS_URL without its value', () => {
    for (const value of ['localhost', 'http://user:secret@host']) {
      assert.throws(() => configWith({ REDIS_URL: value }), {
        message: 'REDIS_URL must begin with redis:// or rediss://',
      });
    }
  });

  it('reads CORS_ORIGINS as a list, empty without a value, and names an invalid origin', () => {
    const originsOf = (value: string | null) => {
      const before = process.env.CORS_ORIGINS;
      if (value === null) delete process.env.CORS_ORIGINS;
      else process.env.CORS_ORIGINS = value;
      try {
        return params.corsOrigins.read();
      } finally {
        if (before === undefined) delete process.env.CORS_ORIGINS;
        else process.env.CORS_ORIGINS = before;
      }
    };
    assert.deepEqual(originsOf(' https://a.example ,https://b.example,'), [
      'https://a.example',
      'https://b.example',
    ]);
    assert.deepEqual(originsOf('*'), ['*']);
    for (const none of [null, '', ' , ']) assert.deepEqual(originsOf(none), []);
    for (const origin of [
      'http://localhost:5000',
      'http://[::1]:5000',
      'capacitor://localhost',
      'https://xn--e1a.example',
    ]) {
      assert.deepEqual(originsOf(origin), [origin]);
    }
    const wrong = [
      'https://a.example/',
      'https://a.example/chat',
      'a.example',
      'https://',
      'https://A.example',
      '**',
    ];
    for (const item of [
      ...wrong,
      'https://*.a.example',
      'https://a.example:',
      'https://u:p@a.example',
      'null',
    ]) {
      assert.throws(() => originsOf(`https://b.example, ${item}`), {
        message: `CORS_ORIGINS must be * or origins like https://chat.example.com, found ${item}`,
      });
    }
  });

  it('names a flag that is missing or neither true nor false', () => {
    for (const value of [null, '', 'yes', 'TRUE', '1']) {
      assert.throws(
        () => configWith({ OWNERS_MAY_ANSWER: value }),
        /^Error: OWNERS_MAY_ANSWER must be/,
        `${value}`,
      );
    }
  });
});
