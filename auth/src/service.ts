import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import type { Router } from 'express';
import { createBcryptHasher } from './adapters/bcrypt-hasher.ts';
import { createMemoryLoginLimiter } from './adapters/memory-login-limiter.ts';
import type { AuthConfig } from './config.ts';
import { ensureFirstAccount, type FirstAccount } from './domain/first-account.ts';
import { forgetExpired } from './domain/forget-expired.ts';
import { createKeyring } from './domain/keyring.ts';
import { createLogIn } from './domain/log-in.ts';
import type { LoginLimiter } from './domain/login-limiter.ts';
import type { PasswordHasher } from './domain/password-hasher.ts';
import { createRegister } from './domain/register.ts';
import { createSessions } from './domain/sessions.ts';
import { createTaskQueue } from './domain/task-queue.ts';
import { untilAvailable } from './domain/until-available.ts';
import { createAuthRouter } from './http/auth-router.ts';
import { createLoginReport } from './login-report.ts';

export interface AuthServiceOptions {
  users: UserStore;
  clock: Clock;
  log: Log;
  metrics?: Metrics;
  config: Pick<
    AuthConfig,
    'registration' | 'accessTokenMinutes' | 'bcryptCost' | 'adminEmail' | 'adminPassword'
  >;
  /** Closed by whoever made it. */
  limiter?: LoginLimiter;
  /** Closed by `stop()`. */
  hasher?: PasswordHasher;
}

export interface AuthService extends Service {
  readonly router: Router;
  waitingFor(): string[];
  /** What start() found or made. Show a made password once, log it never. @throws before start() has resolved */
  readonly firstAccount: FirstAccount;
}

const mostWaitingChecks = 100;

/** Accounts, logins and the keys that prove them. The user store is closed by whoever made it. */
export function createAuthService({
  users,
  clock,
  log,
  metrics,
  config,
  ...overrides
}: AuthServiceOptions): AuthService {
  const hasher = overrides.hasher ?? createBcryptHasher({ cost: config.bcryptCost });
  const limiter = overrides.limiter ?? createMemoryLoginLimiter();
  const queue = createTaskQueue(mostWaitingChecks);
  const keyring = createKeyring({ users, clock });
  const { accessTokenMinutes, adminEmail, adminPassword } = config;
  const sessions = createSessions({ users, clock, log, keyring, accessTokenMinutes });
  const register = createRegister({ users, hasher, clock, queue, log });
  let firstAccount: FirstAccount | undefined;
  let stopForgetting = () => {};
  const stopping = new AbortController();

  const prepare = async () => {
    await keyring();
    const wanted = { email: adminEmail, password: adminPassword };
    firstAccount = await ensureFirstAccount({ users, hasher, clock, log }, wanted);
    stopForgetting = await forgetExpired({ users, clock, log });
  };

  return {
    name: 'auth',
    router: createAuthRouter({
      logIn: createLogIn({
        users,
        hasher,
        limiter,
        sessions,
        queue,
        report: createLoginReport(log, metrics),
      }),
      refresh: sessions.refresh,
      logOut: sessions.close,
      register: config.registration === 'open' ? register : undefined,
      jwks: async () => (await keyring()).jwks,
    }),
    get firstAccount() {
      if (!firstAccount) throw new Error('auth has not started yet');
      return firstAccount;
    },
    start: () => untilAvailable(prepare, stopping.signal),
    async stop() {
      stopping.abort();
      stopForgetting();
      await hasher.close();
    },
    waitingFor() {
      const servers = users.waitingFor();
      return servers.length || firstAccount ? servers : ['the keys and the first account'];
    },
  };
}
