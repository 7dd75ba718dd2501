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
    super(`Too many attempts. Try again in ${retryAfterSeconds} seconds.`);
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

export class InviteRequiredError extends AppError {
  readonly code = 'INVITE_REQUIRED';
  readonly kind = 'forbidden';
  constructor() {
    super('Registration needs an invite here (setting REGISTRATION): ask the administrator for one.');
  }
}

/** Unknown, used, expired or for another email: which of them is nobody's business. */
export class InvalidInviteError extends AppError {
  readonly code = 'INVALID_INVITE';
  readonly kind = 'forbidden';
  constructor() {
    super('The invite cannot be used, or not with this email: ask the administrator for another.');
  }
}

export class InviteNotFoundError extends AppError {
  readonly code = 'INVITE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such invite, or it was used.');
  }
}

export class ApiTokenNotFoundError extends AppError {
  readonly code = 'API_TOKEN_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such API token.');
  }
}

export class TooManyApiTokensError extends AppError {
  readonly code = 'TOO_MANY_API_TOKENS';
  readonly kind = 'conflict';
  constructor(most: number) {
    super(`There are ${most} API tokens already: revoke one that is not needed (DELETE /api/tokens/{id}).`);
  }
}

export class UserNotFoundError extends AppError {
  readonly code = 'USER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such user.');
  }
}

export class LastAdminKeptError extends AppError {
  readonly code = 'LAST_ADMIN';
  readonly kind = 'conflict';
  constructor() {
    super('This is the last administrator: make another one first, then try again.');
  }
}

/** Not 401: the caller is logged in, and refreshing their token would change nothing. */
export class WrongPasswordError extends AppError {
  readonly code = 'WRONG_PASSWORD';
  readonly kind = 'forbidden';
  constructor() {
    super('The current password is wrong.');
  }
}

/** Unknown, used, expired or overtaken by another change: which of them is nobody's business. */
export class InvalidResetError extends AppError {
  readonly code = 'INVALID_RESET_TOKEN';
  readonly kind = 'forbidden';
  constructor() {
    super('This link cannot be used any more: ask for another (POST /password-reset).');
  }
}

export class MailUnavailableError extends AppError {
  readonly code = 'MAIL_UNAVAILABLE';
  readonly kind = 'unavailable';
  constructor() {
    super(
      'This server sends no mail: whoever runs it can set SMTP_URL for auth. Who is logged in can change their password with POST /api/account/password.',
    );
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
