/** Turns passwords into hashes and back into a yes or no, outside the event loop. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * An absent hash (no account), or a password that bcrypt would cut, is false and takes as long as a wrong password:
   * the time must not tell who has an account.
   */
  matches(password: string, hash: string | undefined): Promise<boolean>;
  /** Ends its thread; what still waits is rejected. Safe to call twice. */
  close(): Promise<void>;
}
