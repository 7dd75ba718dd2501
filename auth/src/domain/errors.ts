import { AppError } from '@image-organizer/platform/errors';

/** The same for a wrong password and an unknown account: nobody learns who has one. */
export class InvalidCredentialsError extends AppError {
  readonly code = 'INVALID_CREDENTIALS';
  readonly kind = 'unauthorized';
  constructor() {
    super('The email or the password is wrong.');
  }
}

export class MalformedCredentialsError extends AppError {
  readonly code = 'MALFORMED_CREDENTIALS';
  readonly kind = 'invalid';
  override readonly fields: { field: string; detail: string }[];
  constructor(fields: { field: string; detail: string }[] = []) {
    super(
      'Send an email and a password: as Basic (curl -u email:password) or as JSON {"email", "password"}.',
    );
    this.fields = fields;
  }
}

export class TooManyAttemptsError extends AppError {
  readonly code = 'TOO_MANY_ATTEMPTS';
  readonly kind = 'too-many-requests';
  override readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`Too many logins have failed. Try again in ${retryAfterSeconds} seconds.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** More password checks wait than are worth waiting for. */
export class TooBusyError extends AppError {
  readonly code = 'TOO_BUSY';
  readonly kind = 'unavailable';
  override readonly retryAfterSeconds = 10;
  constructor() {
    super('Too many people log in at this moment. Try again in 10 seconds.');
  }
}

/** Unknown, expired, revoked or used before: which of them is nobody's business. */
export class InvalidRefreshTokenError extends AppError {
  readonly code = 'INVALID_REFRESH_TOKEN';
  readonly kind = 'unauthorized';
  constructor() {
    super('The refresh token cannot be used any more: log in again.');
  }
}

export class RegistrationClosedError extends AppError {
  readonly code = 'REGISTRATION_CLOSED';
  readonly kind = 'forbidden';
  constructor() {
    super('Registration is closed here (setting REGISTRATION): ask the administrator for an account.');
  }
}

export class AccountExistsError extends AppError {
  readonly code = 'EMAIL_TAKEN';
  readonly kind = 'conflict';
  constructor(email: string) {
    super(`There is an account for ${email} already: log in, or register with another email.`);
  }
}

export class WeakPasswordError extends AppError {
  readonly code = 'WEAK_PASSWORD';
  readonly kind = 'unprocessable';
}
