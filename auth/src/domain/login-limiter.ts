/** Who tries to log in. */
export interface LoginAttempt {
  /** The email, normalised; whether it has an account plays no part. */
  account: string;
  /** The client's IP address. */
  address: string;
}

/**
 * Counts failed logins: per account 5, then every further failure blocks it for longer, up to 15 minutes; per address 50
 * in 15 minutes.
 */
export interface LoginLimiter {
  /** Counts nothing. @throws TooManyAttemptsError while the account or the address is blocked */
  check(attempt: LoginAttempt): Promise<void>;
  failed(attempt: LoginAttempt): Promise<void>;
  /** Forgets the account's failures; the address keeps its own, which may be somebody else's. */
  succeeded(attempt: LoginAttempt): Promise<void>;
}
