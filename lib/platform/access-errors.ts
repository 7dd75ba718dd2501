import type { Scope } from '@image-organizer/contracts/http/api-token';
import { AppError } from './errors.ts';

// Why somebody is not let in, worded alike by the gateway and by auth.

export class UnauthorizedError extends AppError {
  readonly code = 'UNAUTHORIZED';
  readonly kind = 'unauthorized';
  constructor() {
    super('Log in (POST /login) and send the access token: `Authorization: Bearer …`.');
  }
}

export class MissingScopeError extends AppError {
  readonly code = 'MISSING_SCOPE';
  readonly kind = 'forbidden';
  constructor(scope: Scope) {
    super(`This API token may not do that: it needs the scope ${scope}. Make another with POST /api/tokens.`);
  }
}

export class LoginRequiredError extends AppError {
  readonly code = 'LOGIN_REQUIRED';
  readonly kind = 'forbidden';
  constructor() {
    super('No API token may do that: log in (POST /login) and send the access token.');
  }
}

export class AdminRequiredError extends AppError {
  readonly code = 'ADMIN_REQUIRED';
  readonly kind = 'forbidden';
  constructor() {
    super('Only an account with the role admin may do that.');
  }
}
