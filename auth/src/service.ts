import type { Mailer } from '@image-organizer/adapters/mailer/mailer';
import type { UserStore } from '@image-organizer/adapters/user-store/user-store';
import { createAccessTokenVerifier } from '@image-organizer/platform/access-token-verifier';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import type { Service } from '@image-organizer/platform/service';
import { Router } from 'express';
import { createBcryptHasher } from './adapters/bcrypt-hasher.ts';
import { createMemoryLoginLimiter } from './adapters/memory-login-limiter.ts';
import type { AuthConfig } from './config.ts';
import { createAdminUsers } from './domain/admin-users.ts';
import { createApiTokens } from './domain/api-tokens.ts';
import { createFindCaller } from './domain/caller.ts';
import { ensureFirstAccount, type FirstAccount } from './domain/first-account.ts';
import { forgetExpired } from './domain/forget-expired.ts';
import { createInvites } from './domain/invites.ts';
import { createKeyring } from './domain/keyring.ts';
import { createLogIn } from './domain/log-in.ts';
import type { LoginLimiter } from './domain/login-limiter.ts';
import { createMailing } from './domain/mailing.ts';
import type { PasswordHasher } from './domain/password-hasher.ts';
import { createPasswords } from './domain/passwords.ts';
import { createRegister } from './domain/register.ts';
import { createSessions } from './domain/sessions.ts';
import { createTaskQueue } from './domain/task-queue.ts';
import { untilAvailable } from './domain/until-available.ts';
import { createAccountRouter } from './http/account-router.ts';
import { createAdminRouter } from './http/admin-router.ts';
import { createAuthRouter } from './http/auth-router.ts';
import { identify } from './http/identify.ts';
import { createLoginReport } from './login-report.ts';

export interface AuthServiceOptions {
  users: UserStore;
  clock: Clock;
  log: Log;
  metrics?: Metrics;
  config: Pick<
    AuthConfig,
    'registration' | 'accessTokenMinutes' | 'bcryptCost' | 'adminEmail' | 'adminPassword' | 'mailFrom'
  >;
  /** Sends invites and resets of passwords; undefined: there are none by mail. Closed by whoever made it. */
  mailer?: Mailer | undefined;
  /** What the links in mails begin with, without a slash at its end. */
  publicUrl: () => string;
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
  mailer,
  publicUrl,
  ...overrides
}: AuthServiceOptions): AuthService {
  const hasher = overrides.hasher ?? createBcryptHasher({ cost: config.bcryptCost });
  const limiter = overrides.limiter ?? createMemoryLoginLimiter();
  const queue = createTaskQueue(mostWaitingChecks);
  const keyring = createKeyring({ users, clock });
  const { accessTokenMinutes, adminEmail, adminPassword, registration, mailFrom: from } = config;
  const sessions = createSessions({ users, clock, log, keyring, accessTokenMinutes });
  const fetchJwks = async () => (await keyring()).jwks;
  const accessTokens = createAccessTokenVerifier({ fetchJwks, clock });
  const identified = identify(createFindCaller({ users, clock, accessTokens }));
  const envelope = () => ({ from, publicUrl: publicUrl() });
  const mailing = mailer && createMailing({ mailer, envelope, log });
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
    router: Router().use(
      createAuthRouter({
        logIn: createLogIn({
          ...{ users, hasher, limiter, sessions, queue },
          report: createLoginReport(log, metrics),
        }),
        refresh: sessions.refresh,
        logOut: sessions.close,
        register: createRegister({ users, hasher, clock, queue, log, registration }),
        jwks: fetchJwks,
      }),
      createAccountRouter({
        identified,
        apiTokens: createApiTokens({ users, clock, log }),
        passwords: createPasswords({ users, hasher, limiter, queue, clock, log, mailing }),
      }),
      createAdminRouter({
        identified,
        adminUsers: createAdminUsers({ users, log }),
        invites: createInvites({ users, clock, log, mailing }),
      }),
    ),
    get firstAccount() {
      if (!firstAccount) throw new Error('auth has not started yet');
      return firstAccount;
    },
    start: () => untilAvailable(prepare, stopping.signal),
    async stop() {
      stopping.abort();
      stopForgetting();
      await mailing?.stop();
      await hasher.close();
    },
    waitingFor() {
      const servers = users.waitingFor();
      return servers.length || firstAccount ? servers : ['the keys and the first account'];
    },
  };
}
